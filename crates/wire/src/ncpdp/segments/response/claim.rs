//! Segment 22: which claim is answered, and what would be preferred.

segment! {
    /// Which claim is answered, and what the payer would rather have dispensed.
    b"22" Claim<'a> {
        /// What 402-D2 numbers: `1` a prescription, `2` a service.
        "455-EM" prescription_reference_number_qualifier: text(1),
        /// The pharmacy's number of the prescription.
        "402-D2" prescription_reference_number: digits(12),
        /// How many preferred products follow, 6 at most.
        "551-9F" preferred_products: counted(PreferredProduct<'a>, 1),
        /// Medicaid's control number of the claim that is subrogated.
        "114-N4" medicaid_control_number: text(20),
    }
}

group! {
    /// A product that the payer would rather have dispensed.
    PreferredProduct<'a> {
        /// Which kind of id 553-AR is; `03` is an NDC.
        "552-AP" product_id_qualifier: text(2),
        /// The product.
        "553-AR" product_id: text(19),
        /// What the pharmacy gains by dispensing it, in cents.
        "554-AS" incentive_cents: money(6),
        /// What the patient saves by it, in cents.
        "555-AT" cost_share_incentive_cents: money(6),
        /// The product's name.
        "556-AU" description: text(40),
    }
}
