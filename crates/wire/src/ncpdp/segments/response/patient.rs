//! Segment 29: the patient as the payer knows them.

segment! {
    /// The patient as the payer knows them.
    b"29" Patient<'a> {
        /// The patient's first name.
        "310-CA" first_name: text(12),
        /// The patient's last name.
        "311-CB" last_name: text(15),
        /// The patient's day of birth.
        "304-C4" date_of_birth: date(),
    }
}
