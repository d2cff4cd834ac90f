//! Segment 11: what the pharmacy asks for.

segment! {
    /// What the pharmacy asks for.
    b"11" Pricing<'a> {
        /// The drug's cost, in cents.
        "409-D9" ingredient_cost_cents: money(6),
        /// The fee for dispensing, in cents.
        "412-DC" dispensing_fee_cents: money(6),
        /// The fee for a professional service, in cents.
        "477-BE" professional_service_fee_cents: money(6),
        /// What the patient has paid already, in cents.
        "433-DX" patient_paid_cents: money(6),
        /// An incentive fee that a contract grants, in cents.
        "438-E3" incentive_cents: money(6),
        /// How many other amounts follow.
        "478-H7" other_amounts: counted(OtherAmountClaimed<'a>, 1),
        /// Flat sales tax, in cents.
        "481-HA" flat_sales_tax_cents: money(6),
        /// Sales tax by percentage, in cents.
        "482-GE" percentage_sales_tax_cents: money(6),
        /// The sales tax's rate, in ten-thousandths of a percent.
        "483-HE" percentage_sales_tax_rate: rate(3),
        /// What the sales tax is taken of: `02` ingredient cost, `03` that and the fee…
        "484-JE" percentage_sales_tax_basis: text(2),
        /// What a customer without insurance would pay, in cents.
        "426-DQ" usual_and_customary_cents: money(6),
        /// All that is asked for, from whomever, in cents.
        "430-DU" gross_amount_due_cents: money(6),
        /// What 409-D9 is based on: `01` AWP, `07` usual and customary, `13` special…
        "423-DN" basis_of_cost_determination: text(2),
        /// What Medicaid paid, in a claim that Medicaid subrogates, in cents.
        "113-N3" medicaid_paid_cents: money(6),
    }
}

group! {
    /// An amount asked for beside cost and fee.
    OtherAmountClaimed<'a> {
        /// What the amount is for: `01` delivery, `02` shipping, `09` compound preparation…
        "479-H8" qualifier: text(2),
        /// The amount, in cents.
        "480-H9" amount_cents: money(6),
    }
}
