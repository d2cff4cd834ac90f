//! Segment 28: who else covers the patient.

segment! {
    /// Who else covers the patient, as far as this payer knows.
    b"28" CoordinationOfBenefits<'a> {
        /// How many other payers follow, 3 at most.
        "355-NT" other_payers: counted(OtherPayer<'a>, 1),
    }
}

group! {
    /// Another payer that covers the patient.
    OtherPayer<'a> {
        /// The payer's place in the order of payment: `01` primary, `02` secondary…
        "338-5C" coverage_type: text(2),
        /// Which kind of id 340-7C is; `03` is a BIN.
        "339-6C" payer_id_qualifier: text(2),
        /// The payer's id.
        "340-7C" payer_id: text(10),
        /// The payer's processor control number.
        "991-MH" processor_control_number: text(10),
        /// The patient's cardholder id with the payer.
        "356-NU" cardholder_id: text(20),
        /// The patient's group with the payer.
        "992-MJ" group_id: text(15),
        /// The patient's person code with the payer.
        "142-UV" person_code: text(3),
        /// The payer's telephone number for questions.
        "127-UB" help_desk_phone_number: text(18),
        /// The patient's relationship to the cardholder with the payer.
        "143-UW" patient_relationship_code: number(1),
        /// First day of the payer's coverage.
        "144-UX" benefit_effective_date: date(),
        /// Last day of the payer's coverage.
        "145-UY" benefit_termination_date: date(),
    }
}
