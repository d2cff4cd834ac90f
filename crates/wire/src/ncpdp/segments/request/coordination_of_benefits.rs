//! Segment 05: what other payers have paid or refused before this one.

segment! {
    /// What other payers have paid or refused before this one.
    b"05" CoordinationOfBenefits<'a> {
        /// How many other payers follow, 1 to 9.
        "337-4C" other_payers: counted(OtherPayer<'a>, 1),
    }
}

group! {
    /// One other payer's answer to the same claim.
    OtherPayer<'a> {
        /// The payer's place in the order of payment: `01` primary, `02` secondary…
        "338-5C" coverage_type: text(2),
        /// Which kind of id 340-7C is; `03` is a BIN.
        "339-6C" payer_id_qualifier: text(2),
        /// The payer's id.
        "340-7C" payer_id: text(10),
        /// The day of the payer's answer.
        "443-E8" date: date(),
        /// The payer's own number for the claim.
        "993-A7" internal_control_number: text(30),
        /// How many amounts paid follow.
        "341-HB" amounts_paid: counted(OtherPayerAmountPaid<'a>, 1),
        /// How many reject codes of the payer follow.
        "471-5E" rejects: counted(OtherPayerReject<'a>, 2),
        /// How many amounts left to the patient follow.
        "353-NR" patient_responsibilities: counted(OtherPayerPatientResponsibility<'a>, 2),
        /// How many Medicare Part D benefit stages follow.
        "392-MU" benefit_stages: counted(BenefitStage<'a>, 1),
    }
}

group! {
    /// An amount that the other payer paid.
    OtherPayerAmountPaid<'a> {
        /// What the amount is for; `07` is the drug benefit.
        "342-HC" qualifier: text(2),
        /// The amount paid, in cents.
        "431-DV" amount_cents: money(6),
    }
}

group! {
    /// A reason for which the other payer refused.
    OtherPayerReject<'a> {
        /// The other payer's reject code.
        "472-6E" code: text(3),
    }
}

group! {
    /// An amount that the other payer left to the patient.
    OtherPayerPatientResponsibility<'a> {
        /// What the amount is: `01` deductible, `05` copay, `07` coinsurance…
        "351-NP" qualifier: text(2),
        /// The amount, in cents.
        "352-NQ" amount_cents: money(8),
    }
}

group! {
    /// How much of the claim fell into one Medicare Part D benefit stage.
    BenefitStage<'a> {
        /// The stage: `01` deductible, `02` initial coverage, `03` coverage gap, `04` catastrophic.
        "393-MV" qualifier: text(2),
        /// The amount within the stage, in cents.
        "394-MW" amount_cents: money(6),
    }
}
