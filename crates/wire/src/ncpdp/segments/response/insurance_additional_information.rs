//! Segment 27: what Medicare knows of a patient's Part D coverage.

segment! {
    /// What Medicare knows of the patient's Part D coverage, for eligibility verifications.
    b"27" InsuranceAdditionalInformation<'a> {
        /// Whether the patient has Part D.
        "139-UR" part_d_coverage_code: text(1),
        /// The patient's level of low-income cost sharing.
        "138-UQ" low_income_cost_sharing_level: text(3),
        /// The plan's contract with CMS.
        "240-U1" contract_number: text(8),
        /// The plan's formulary.
        "926-FF" formulary_id: text(10),
        /// The plan's benefit within the contract.
        "757-U6" benefit_id: text(10),
        /// First day of the next Part D coverage.
        "140-US" next_effective_date: date(),
        /// Last day of the next Part D coverage.
        "141-UT" next_termination_date: date(),
    }
}
