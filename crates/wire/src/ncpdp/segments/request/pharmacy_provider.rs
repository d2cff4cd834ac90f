//! Segment 02: the pharmacist or other person who provided the service.

segment! {
    /// The person at the pharmacy who dispensed or served, where a payer asks for one.
    b"02" PharmacyProvider<'a> {
        /// Which kind of id 444-E9 is.
        "465-EY" provider_id_qualifier: text(2),
        /// The person's id.
        "444-E9" provider_id: text(15),
    }
}
