//! Segment 06: a claim that follows an injury at work.

segment! {
    /// The injury at work that the claim follows, the employer, and who is to be paid.
    b"06" WorkersCompensation<'a> {
        /// The day of the injury.
        "434-DY" date_of_injury: date(),
        /// The employer's name.
        "315-CF" employer_name: text(30),
        /// Street of the employer's address.
        "316-CG" employer_street_address: text(30),
        /// City of the employer's address.
        "317-CH" employer_city: text(20),
        /// State or province of the employer's address, its postal abbreviation.
        "318-CI" employer_state: text(2),
        /// ZIP or postal code of the employer's address, without punctuation.
        "319-CJ" employer_zip_code: text(15),
        /// The employer's telephone number, ten digits.
        "320-CK" employer_phone_number: digits(10),
        /// Whom to ask at the employer.
        "321-CL" employer_contact_name: text(30),
        /// The insurance carrier.
        "327-CR" carrier_id: text(10),
        /// The carrier's number for the case.
        "435-DZ" claim_reference_id: text(30),
        /// Who bills: the pharmacy itself or another for it.
        "117-TR" billing_entity_type: text(2),
        /// Which kind of id 119-TT is.
        "118-TS" pay_to_qualifier: text(2),
        /// Who is to be paid.
        "119-TT" pay_to_id: text(15),
        /// Name of the one to be paid.
        "120-TU" pay_to_name: text(20),
        /// Street of the address to pay to.
        "121-TV" pay_to_street_address: text(30),
        /// City of the address to pay to.
        "122-TW" pay_to_city: text(20),
        /// State or province of the address to pay to, its postal abbreviation.
        "123-TX" pay_to_state: text(2),
        /// ZIP or postal code of the address to pay to, without punctuation.
        "124-TY" pay_to_zip_code: text(15),
        /// Which kind of id 126-UA is.
        "125-TZ" generic_equivalent_product_id_qualifier: text(2),
        /// The generic product that could have been given.
        "126-UA" generic_equivalent_product_id: text(19),
    }
}
