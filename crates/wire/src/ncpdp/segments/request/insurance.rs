//! Segment 04: under whose coverage the claim is made.

segment! {
    /// The coverage that the claim is made under.
    b"04" Insurance<'a> {
        /// The id on the member's card.
        "302-C2" cardholder_id: text(20),
        /// The cardholder's first name.
        "312-CC" cardholder_first_name: text(12),
        /// The cardholder's last name.
        "313-CD" cardholder_last_name: text(15),
        /// The plan at home, of a cardholder who is away.
        "314-CE" home_plan: text(3),
        /// The plan, within the carrier.
        "524-FO" plan_id: text(8),
        /// Why a patient is covered whom the payer's records do not show as covered.
        "309-C9" eligibility_clarification_code: number(1),
        /// The group that the member belongs to.
        "301-C1" group_id: text(15),
        /// The person within the family, as the payer numbers them.
        "303-C3" person_code: text(3),
        /// The patient's relationship to the cardholder: 1 cardholder, 2 spouse, 3 child, 4 other.
        "306-C6" patient_relationship_code: number(1),
        /// The bank or issuer identification number of another payer.
        "990-MG" other_payer_bin: digits(6),
        /// The processor control number of another payer.
        "991-MH" other_payer_processor_control_number: text(10),
        /// The patient's cardholder id with another payer.
        "356-NU" other_payer_cardholder_id: text(20),
        /// The patient's group with another payer.
        "992-MJ" other_payer_group_id: text(15),
        /// The patient's Medigap id.
        "359-2A" medigap_id: text(20),
        /// The state whose Medicaid covers the patient, its postal abbreviation.
        "360-2B" medicaid_indicator: text(2),
        /// Whether the provider takes the payer's price as full price.
        "361-2D" provider_accepts_assignment: text(1),
        /// Whether the patient lives in a facility that Medicare Part D treats specially.
        "997-G2" part_d_qualified_facility: text(1),
        /// The patient's Medicaid id.
        "115-N5" medicaid_id: text(20),
        /// The Medicaid agency.
        "116-N6" medicaid_agency_number: text(15),
    }
}
