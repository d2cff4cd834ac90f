//! Segment 23: what is paid, by whom, and how that came about.

segment! {
    /// What is paid, by whom, and how that came about.
    b"23" Pricing<'a> {
        /// What the patient pays, in cents.
        "505-F5" patient_pay_cents: money(6),
        /// What is paid for the drug, in cents.
        "506-F6" ingredient_cost_cents: money(6),
        /// What is paid for dispensing, in cents.
        "507-F7" dispensing_fee_cents: money(6),
        /// Who or what is exempt from tax.
        "557-AV" tax_exempt_indicator: text(1),
        /// Flat sales tax paid, in cents.
        "558-AW" flat_sales_tax_cents: money(6),
        /// Sales tax by percentage paid, in cents.
        "559-AX" percentage_sales_tax_cents: money(6),
        /// The sales tax's rate, in ten-thousandths of a percent.
        "560-AY" percentage_sales_tax_rate: rate(3),
        /// What the sales tax is taken of.
        "561-AZ" percentage_sales_tax_basis: text(2),
        /// The incentive fee paid, in cents.
        "521-FL" incentive_cents: money(6),
        /// The fee paid for a professional service, in cents.
        "562-J1" professional_service_fee_cents: money(6),
        /// How many other amounts paid follow.
        "563-J2" other_amounts: counted(OtherAmountPaid<'a>, 1),
        /// What was taken into account of other payers' payments, in cents.
        "566-J5" other_payer_amount_recognized_cents: money(6),
        /// What the plan pays the pharmacy, in cents.
        "509-F9" total_amount_paid_cents: money(6),
        /// How the payment was found: 1 as submitted, 3 AWP less a percentage, 7 MAC…
        "522-FM" basis_of_reimbursement: number(2),
        /// The part of 505-F5 that is sales tax, in cents.
        "523-FN" sales_tax_cents: money(6),
        /// What the patient has paid toward the deductible so far, in cents.
        "512-FC" accumulated_deductible_cents: money(6),
        /// What is left of the deductible, in cents.
        "513-FD" remaining_deductible_cents: money(6),
        /// What is left of a limited benefit, in cents.
        "514-FE" remaining_benefit_cents: money(6),
        /// The part of 505-F5 that goes toward the deductible, in cents.
        "517-FH" applied_to_deductible_cents: money(6),
        /// The part of 505-F5 that is copay, in cents.
        "518-FI" copay_cents: money(6),
        /// The part of 505-F5 that is beyond a limited benefit, in cents.
        "520-FK" exceeding_benefit_maximum_cents: money(6),
        /// How the dispensing fee was found.
        "346-HH" dispensing_fee_basis: text(2),
        /// How the copay was found.
        "347-HJ" copay_basis: text(2),
        /// How the flat sales tax was found.
        "348-HK" flat_sales_tax_basis: text(2),
        /// How the percentage sales tax was found.
        "349-HM" percentage_sales_tax_calculation_basis: text(2),
        /// The part of 505-F5 that is a fee of the processor, in cents.
        "571-NZ" processor_fee_cents: money(6),
        /// The sales tax that the patient pays, in cents.
        "575-EQ" patient_sales_tax_cents: money(6),
        /// The sales tax that the plan pays, in cents.
        "574-2Y" plan_sales_tax_cents: money(6),
        /// The part of 505-F5 that is coinsurance, in cents.
        "572-4U" coinsurance_cents: money(6),
        /// How the coinsurance was found.
        "573-4V" coinsurance_basis: text(2),
        /// How many Medicare Part D benefit stages follow, 4 at most.
        "392-MU" benefit_stages: counted(BenefitStage<'a>, 1),
        /// What a generic would have saved, in cents.
        "577-G3" estimated_generic_savings_cents: money(6),
        /// What is left in the patient's spending account, in cents.
        "128-UC" spending_account_remaining_cents: money(6),
        /// What an account of the plan pays of the patient's share, in cents.
        "129-UD" health_plan_assistance_cents: money(6),
        /// The part of 505-F5 for choosing this pharmacy, in cents.
        "133-UJ" network_selection_cents: money(6),
        /// The part of 505-F5 for choosing the brand, in cents.
        "134-UK" brand_selection_cents: money(6),
        /// The part of 505-F5 for choosing a product that is not preferred, in cents.
        "135-UM" non_preferred_selection_cents: money(6),
        /// The part of 505-F5 for choosing a brand that is not preferred, in cents.
        "136-UN" brand_non_preferred_selection_cents: money(6),
        /// The part of 505-F5 that falls into Medicare's coverage gap, in cents.
        "137-UP" coverage_gap_cents: money(6),
        /// The ingredient cost that the contract allows, in cents.
        "148-U8" contracted_ingredient_cost_cents: money(6),
        /// The dispensing fee that the contract allows, in cents.
        "149-U9" contracted_dispensing_fee_cents: money(6),
    }
}

group! {
    /// An amount paid beside cost and fee.
    OtherAmountPaid<'a> {
        /// What the amount is for.
        "564-J3" qualifier: text(2),
        /// The amount, in cents.
        "565-J4" amount_cents: money(6),
    }
}

group! {
    /// How much of the claim falls into one Medicare Part D benefit stage.
    BenefitStage<'a> {
        /// The stage: `01` deductible, `02` initial coverage, `03` coverage gap, `04` catastrophic.
        "393-MV" qualifier: text(2),
        /// The amount within the stage, in cents.
        "394-MW" amount_cents: money(6),
    }
}
