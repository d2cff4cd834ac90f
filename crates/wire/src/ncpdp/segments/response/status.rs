//! Segment 21: how a transaction ended, and why.

segment! {
    /// How a transaction ended, and why.
    b"21" Status<'a> {
        /// `P` paid, `R` rejected, `D` duplicate of paid, `A` approved, `C` captured…
        "112-AN" status: text(1),
        /// The processor's number for the transaction.
        "503-F3" authorization_number: text(20),
        /// How many reject codes follow, 5 at most.
        "510-FA" rejects: counted(Reject<'a>, 2),
        /// How many codes of messages with an approval follow, 5 at most.
        "547-5F" approved_messages: counted(ApprovedMessage<'a>, 1),
        /// How many lines of additional message follow, 25 at most.
        "130-UF" messages: counted(AdditionalMessage<'a>, 2),
        /// Whom 550-8F reaches; `03` is the processor.
        "549-7F" help_desk_phone_number_qualifier: text(2),
        /// The telephone number for questions.
        "550-8F" help_desk_phone_number: digits(18),
        /// The sender's number for the transaction, given back.
        "880-K5" transaction_reference_number: text(10),
        /// The payer's own number for the claim.
        "993-A7" internal_control_number: text(30),
        /// Where more can be read, an address on the web.
        "987-MA" url: text(255),
    }
}

group! {
    /// A reason for which the transaction was rejected.
    Reject<'a> {
        /// The reject code.
        "511-FB" code: text(3),
        /// Which occurrence of a repeating field is at fault, from 1.
        "546-4F" occurrence: number(2),
    }
}

group! {
    /// A message that comes with an approval, as a code.
    ApprovedMessage<'a> {
        /// The message's code.
        "548-6F" code: text(3),
    }
}

group! {
    /// One line of additional message.
    AdditionalMessage<'a> {
        /// What the line is: `01` to `09` free text of that line, `10` next refill date…
        "132-UH" qualifier: text(2),
        /// The line itself.
        "526-FQ" text: text(40),
        /// `+` if the next line continues this one.
        "131-UG" continuity: text(1),
    }
}
