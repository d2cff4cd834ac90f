//! Segment 03: who wrote the prescription.

segment! {
    /// Who wrote the prescription, and the patient's primary care provider.
    b"03" Prescriber<'a> {
        /// Which kind of id 411-DB is; `01` is an NPI, `12` a DEA number.
        "466-EZ" prescriber_id_qualifier: text(2),
        /// The prescriber's id.
        "411-DB" prescriber_id: text(15),
        /// The prescriber's last name.
        "427-DR" last_name: text(15),
        /// The prescriber's telephone number, ten digits.
        "498-PM" phone_number: digits(10),
        /// Which kind of id 421-DL is.
        "468-2E" primary_care_provider_id_qualifier: text(2),
        /// The primary care provider's id.
        "421-DL" primary_care_provider_id: text(15),
        /// The primary care provider's last name.
        "470-4E" primary_care_provider_last_name: text(15),
        /// The prescriber's first name.
        "364-2J" first_name: text(12),
        /// Street of the prescriber's address.
        "365-2K" street_address: text(30),
        /// City of the prescriber's address.
        "366-2M" city: text(20),
        /// State or province of the prescriber's address, its postal abbreviation.
        "367-2N" state: text(2),
        /// ZIP or postal code of the prescriber's address, without punctuation.
        "368-2P" zip_code: text(15),
    }
}
