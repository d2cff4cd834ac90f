//! Segment 25: the coverage that was found.

segment! {
    /// The coverage that was found, where it differs from what was sent or was asked for.
    b"25" Insurance<'a> {
        /// The group that the member belongs to.
        "301-C1" group_id: text(15),
        /// The plan, within the carrier.
        "524-FO" plan_id: text(8),
        /// The pharmacy network whose prices were used.
        "545-2F" network_reimbursement_id: text(10),
        /// Which kind of id 569-J8 is.
        "568-J7" payer_id_qualifier: text(2),
        /// The payer.
        "569-J8" payer_id: text(10),
        /// The patient's Medicaid id.
        "115-N5" medicaid_id: text(20),
        /// The Medicaid agency.
        "116-N6" medicaid_agency_number: text(15),
        /// The id on the member's card.
        "302-C2" cardholder_id: text(20),
    }
}
