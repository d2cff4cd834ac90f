//! Segment 15: where the patient is cared for.

segment! {
    /// The facility in which the patient is cared for.
    b"15" Facility<'a> {
        /// The facility's id.
        "336-8C" facility_id: text(10),
        /// The facility's name.
        "385-3Q" name: text(30),
        /// Street of the facility's address.
        "386-3U" street_address: text(30),
        /// City of the facility's address.
        "388-5J" city: text(20),
        /// State or province of the facility's address, its postal abbreviation.
        "387-3V" state: text(2),
        /// ZIP or postal code of the facility's address, without punctuation.
        "389-6D" zip_code: text(15),
    }
}
