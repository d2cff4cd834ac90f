//! Segment 01: the person who gets the drug.

segment! {
    /// The person who gets the drug, who need not be the cardholder.
    b"01" Patient<'a> {
        /// Which kind of id 332-CY is.
        "331-CX" patient_id_qualifier: text(2),
        /// An id of the patient.
        "332-CY" patient_id: text(20),
        /// The patient's day of birth.
        "304-C4" date_of_birth: date(),
        /// The patient's gender: 0 unknown, 1 male, 2 female.
        "305-C5" gender: number(1),
        /// The patient's first name.
        "310-CA" first_name: text(12),
        /// The patient's last name.
        "311-CB" last_name: text(15),
        /// Street of the patient's address.
        "322-CM" street_address: text(30),
        /// City of the patient's address.
        "323-CN" city: text(20),
        /// State or province of the patient's address, its postal abbreviation.
        "324-CO" state: text(2),
        /// ZIP or postal code of the patient's address, without punctuation.
        "325-CP" zip_code: text(15),
        /// The patient's telephone number, ten digits.
        "326-CQ" phone_number: digits(10),
        /// Where the drug is given or used, a code of CMS; 1 is a pharmacy.
        "307-C7" place_of_service: number(2),
        /// The patient's employer.
        "333-CZ" employer_id: text(15),
        /// Whether the patient smokes.
        "334-1C" smoker: text(1),
        /// Whether the patient is pregnant: 1 not, 2 pregnant.
        "335-2C" pregnancy_indicator: text(1),
        /// The patient's e-mail address.
        "350-HN" email_address: text(80),
        /// Where the patient lives: 1 at home, 3 in a nursing facility, 11 in a hospice…
        "384-4X" patient_residence: number(2),
    }
}
