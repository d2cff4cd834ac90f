//! Segment 07: the prescription and what was dispensed on it.

segment! {
    /// The prescription and what was dispensed on it.
    b"07" Claim<'a> {
        /// What 402-D2 numbers: `1` a prescription, `2` a service.
        "455-EM" prescription_reference_number_qualifier: text(1),
        /// The pharmacy's number of the prescription.
        "402-D2" prescription_reference_number: digits(12),
        /// Which kind of id 407-D7 is; `03` is an NDC, `00` a compound.
        "436-E1" product_id_qualifier: text(2),
        /// The product dispensed; an NDC as 11 digits without hyphens.
        "407-D7" product_id: text(19),
        /// The prescription that a partial fill completes.
        "456-EN" associated_prescription_reference_number: digits(12),
        /// The day of the fill that a partial fill completes.
        "457-EP" associated_prescription_date: date(),
        /// How many procedure modifiers follow.
        "458-SE" procedure_modifiers: counted(ProcedureModifier<'a>, 2),
        /// Metric quantity dispensed, in thousandths of the product's billing unit.
        "442-E7" quantity_dispensed: quantity(7),
        /// 0 for the first fill of the prescription, 1 for its first refill, and so on.
        "403-D3" fill_number: number(2),
        /// How many days the quantity lasts.
        "405-D5" days_supply: number(3),
        /// 1 not a compound, 2 a compound.
        "406-D6" compound_code: number(1),
        /// Why this product and no generic: 0 no reason, 1 prescriber's wish, 2 patient's wish…
        "408-D8" dispense_as_written: text(1),
        /// The day on which the prescription was written.
        "414-DE" date_prescription_written: date(),
        /// How many refills the prescriber allowed; 99 as often as needed.
        "415-DF" refills_authorized: number(2),
        /// How the prescription came: 1 written, 2 telephone, 3 electronic, 4 fax, 5 pharmacy.
        "419-DJ" prescription_origin_code: number(1),
        /// How many submission clarification codes follow, 3 at most.
        "354-NX" submission_clarifications: counted(SubmissionClarification, 1),
        /// Metric quantity prescribed, in thousandths of the product's billing unit.
        "460-ET" quantity_prescribed: quantity(7),
        /// What is known of other coverage: 0 nothing, 1 none, 2 other payer paid, 8 copay only…
        "308-C8" other_coverage_code: number(2),
        /// How the product is packaged: 1 not in unit doses, 3 unit doses by the pharmacy…
        "429-DT" special_packaging_indicator: number(1),
        /// Which kind of id 445-EA is.
        "453-EJ" originally_prescribed_product_id_qualifier: text(2),
        /// The product prescribed, if another one was dispensed.
        "445-EA" originally_prescribed_product_id: text(19),
        /// The quantity of that product prescribed, in thousandths of its billing unit.
        "446-EB" originally_prescribed_quantity: quantity(7),
        /// The person who collects the drug, where a state asks for it.
        "330-CW" alternate_id: text(20),
        /// Serial number of a controlled substance's prescription form.
        "454-EK" scheduled_prescription_id: text(12),
        /// The billing unit: `EA` each, `GM` grams, `ML` millilitres.
        "600-28" unit_of_measure: text(2),
        /// The kind of service: 0 not said, 1 patient consultation, 3 emergency…
        "418-DI" level_of_service: number(2),
        /// What 462-EV is: 0 nothing, 1 prior authorization, 8 payer-defined exemption…
        "461-EU" prior_authorization_type_code: number(2),
        /// The number of the authorization under which the claim is made.
        "462-EV" prior_authorization_number: digits(11),
        /// Who the intermediary is that authorized the claim.
        "463-EW" intermediary_authorization_type_id: text(2),
        /// The intermediary's authorization.
        "464-EX" intermediary_authorization_id: text(11),
        /// `P` a partial fill, `C` its completion.
        "343-HD" dispensing_status: text(1),
        /// The quantity that would have been dispensed if the pharmacy had it, in thousandths.
        "344-HF" quantity_intended: quantity(7),
        /// The days supply that would have been dispensed if the pharmacy had it.
        "345-HG" days_supply_intended: number(3),
        /// Why the claim comes late.
        "357-NV" delay_reason_code: number(2),
        /// The sender's number for the transaction, given back in the answer.
        "880-K5" transaction_reference_number: text(10),
        /// Whether the patient assigned the benefit to the pharmacy.
        "391-MT" patient_assignment_indicator: text(1),
        /// How the drug is taken, a SNOMED CT code.
        "995-E2" route_of_administration: text(11),
        /// What kind of compound it is.
        "996-G1" compound_type: text(2),
        /// Medicaid's control number of the claim that is subrogated.
        "114-N4" medicaid_control_number: text(20),
        /// The kind of pharmacy service: 1 retail, 3 home infusion, 6 mail order, 8 specialty…
        "147-U7" pharmacy_service_type: number(2),
    }
}

group! {
    /// A modifier of the procedure billed.
    ProcedureModifier<'a> {
        /// The modifier.
        "459-ER" code: text(2),
    }
}

group! {
    /// Why a claim that would be refused should be paid.
    SubmissionClarification {
        /// The reason: 3 vacation supply, 4 lost prescription, 5 therapy change, 8 compound…
        "420-DK" code: number(3),
    }
}
