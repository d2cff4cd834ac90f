//! Segment 12: a request for prior authorization.

segment! {
    /// A request for prior authorization, sent with the claim or by itself.
    b"12" PriorAuthorization<'a> {
        /// What is asked for: `1` a first authorization, `2` one again, `3` to put one off.
        "498-PA" request_type: text(1),
        /// First day of the period asked for.
        "498-PB" period_begins: date(),
        /// Last day of the period asked for.
        "498-PC" period_ends: date(),
        /// Why it is asked for: `ME` medical exception, `PR` plan requires it, `PL` plan limit.
        "498-PD" basis_of_request: text(2),
        /// First name of whoever asks for the patient.
        "498-PE" representative_first_name: text(12),
        /// Last name of whoever asks for the patient.
        "498-PF" representative_last_name: text(15),
        /// Street of the representative's address.
        "498-PG" representative_street_address: text(30),
        /// City of the representative's address.
        "498-PH" representative_city: text(20),
        /// State or province of the representative's address, its postal abbreviation.
        "498-PJ" representative_state: text(2),
        /// ZIP or postal code of the representative's address, without punctuation.
        "498-PK" representative_zip_code: text(15),
        /// The number of an authorization given before.
        "498-PY" number_assigned: digits(11),
        /// The processor's number of the transaction that this one follows.
        "503-F3" authorization_number: text(20),
        /// What supports the request, in free text.
        "498-PP" supporting_documentation: text(500),
    }
}
