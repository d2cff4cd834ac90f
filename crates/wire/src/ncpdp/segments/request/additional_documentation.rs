//! Segment 14: forms that some payers want with a claim, such as Medicare's certificates of need.

segment! {
    /// A form that the payer wants with the claim, as answers to its numbered questions.
    b"14" AdditionalDocumentation<'a> {
        /// Which form it is.
        "369-2Q" document_type_id: text(3),
        /// First day of the period that the form is for.
        "374-2V" period_begins: date(),
        /// The day on which the form was renewed or revised.
        "375-2W" period_revised: date(),
        /// Whether the form is a first, a revised or a renewed one.
        "373-2U" request_status: text(1),
        /// The unit of 370-2R.
        "371-2S" length_of_need_qualifier: number(2),
        /// For how long the product is needed.
        "370-2R" length_of_need: number(3),
        /// The day on which prescriber or supplier signed.
        "372-2T" date_signed: date(),
        /// What else supports the claim, in free text.
        "376-2X" supporting_documentation: text(65),
        /// How many answers follow.
        "377-2Z" questions: counted(Question<'a>, 2),
    }
}

group! {
    /// The answer to one question of the form, in the field that suits its kind.
    Question<'a> {
        /// The question's number or letter.
        "378-4B" number: text(3),
        /// An answer in percent, in hundredths of a percent.
        "379-4D" percent_response: percent(3),
        /// An answer that is a date.
        "380-4G" date_response: date(),
        /// An answer that is an amount, in cents.
        "381-4H" amount_response_cents: money(9),
        /// An answer that is a number.
        "382-4J" numeric_response: digits(11),
        /// An answer in words.
        "383-4K" text_response: text(30),
    }
}
