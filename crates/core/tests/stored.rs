//! The stored form stays readable: bytes written by every release so far are read as what they
//! were, whatever has been added since.
//!
//! `golden/stored.txt` has a line for each kind of entry and each finding: a name and its bytes.
//! Lines are added for what is new, and never changed. A test that fails prints the line.

use std::sync::Arc;

use openpbm_core::{
    Account, Accumulator, Adjudication, Adjustment, Alternative, AmountChange, Beside, BillingKey,
    BookVersion, Brought, Cents, Channel, Charges, Circumstances, Claim, ClaimId,
    ClaimedAuthorization, Completed, Compound, Coordination, Coupon, Coverage, Date, Design,
    Details, Difference, DrugUse, DurAlert, DurOverride, During, Entry, Event, ExemptGroup, Family,
    Fill, Finding, InPaymentPlan, Ingredient, MedicalTotal, Member, OtherCoverage, OtherPayer,
    Outcome, Paid, PartD, PartDFinding, PartDYear, PartialFill, PayerKind, PayerOrder, Percent,
    Period, PlanFinding, Prescribed, PriceBasis, ProductKind, QualifiedAmount, Quantity, Refusal,
    RefusalReason, RejectCode, Relationship, Reversal, Setting, Sex, Shared, Source, Stage, Step,
    TaxBasis, Timestamp, UnitPrice, Waiver,
};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn id(number: u64) -> ClaimId {
    ClaimId::new(1_772_000_000_000 + number, number)
}

fn key() -> BillingKey {
    BillingKey {
        pharmacy: "1999000015".parse().unwrap(),
        prescription: openpbm_core::PrescriptionNumber::new(7_001_234).unwrap(),
        fill: 2,
        date_of_service: day("2026-03-12"),
    }
}

fn claim() -> Claim {
    Claim {
        key: key(),
        received: day("2026-03-13"),
        group: "CSCPPO".parse().ok(),
        cardholder: "CSC900001".parse().unwrap(),
        person_code: "01".parse().ok(),
        birth: day("1951-04-30"),
        sex: Some(Sex::Female),
        pregnant: false,
        prescriber: "1999000114".parse().unwrap(),
        drug: drug(),
        daw: 2,
        compound: false,
        other_coverage: Some(0),
        usual_and_customary: Some(Cents::new(90_000)),
        gross_amount_due: Cents::new(91_000),
        diagnoses: vec!["E119".to_owned()],
        dur_overrides: vec![DurOverride {
            reason: "DD".to_owned(),
            service: "M0".to_owned(),
            result: "1G".to_owned(),
        }],
        details: Details::default(),
    }
}

/// All that a claim can say beyond what every claim must.
fn details() -> Details {
    let amount = |qualifier, cents| QualifiedAmount { qualifier, amount: Cents::new(cents) };
    Details {
        clarifications: vec![5, 8],
        charges: Charges {
            ingredient_cost: Some(Cents::new(1_000)),
            other_amounts: vec![amount(9, 300)],
            percentage_tax: Some(Cents::new(123)),
            tax_rate: Some(62_500),
            tax_basis: Some(TaxBasis::IngredientCostAndFee),
            ..Charges::default()
        },
        other_payers: vec![OtherPayer {
            coverage_type: 1,
            id: Some("610001".to_owned()),
            rejects: vec!["70".to_owned()],
            left_to_patient: vec![amount(5, 1_000)],
            ..OtherPayer::default()
        }],
        coupon: Some(Coupon { kind: 99, number: "SAVE1".to_owned(), value: None }),
        authorization: Some(ClaimedAuthorization { kind: 8, number: 12_345 }),
        partial: Some(PartialFill {
            quantity_intended: Quantity::units(60),
            days_intended: 60,
            completes: Some(Completed {
                prescription: key().prescription,
                date_of_service: day("2026-03-02"),
            }),
        }),
        compound: Some(Compound {
            ingredients: vec![Ingredient {
                ndc: drug().ndc,
                quantity: Quantity::units(2),
                cost: Some(Cents::new(150)),
                cost_basis: None,
            }],
            form: Some("11".to_owned()),
            route: None,
        }),
        setting: Setting { residence: Some(3), pharmacy_service: Some(5), ..Setting::default() },
        prescribed: Prescribed { origin: Some(3), ..Prescribed::default() },
        professional_services: vec!["MA".to_owned()],
        level_of_effort: Some(12),
        member_submitted: false,
    }
}

fn drug() -> DrugUse {
    let quantity = Quantity::from_thousandths(60_500).unwrap();
    DrugUse { ndc: "00003089421".parse().unwrap(), quantity, days_supply: 30 }
}

fn paid() -> Paid {
    Paid {
        person: "01".parse().unwrap(),
        group: "CSCPPO".parse().unwrap(),
        plan_year: day("2026-01-01"),
        tier: 3,
        kind: ProductKind::Brand,
        basis: PriceBasis::Nadac,
        ingredient_cost: Cents::new(33_491),
        dispensing_fee: Cents::new(100),
        deductible: Cents::new(25_000),
        copay: Cents::new(0),
        coinsurance: Cents::new(2_148),
        product_selection: Cents::new(1),
        accumulated_deductible: Cents::new(25_000),
        remaining_deductible: Some(Cents::ZERO),
        accumulated_out_of_pocket: Cents::new(27_148),
        remaining_out_of_pocket: None,
        beside: Beside::default(),
        compound: None,
        bought_340b: false,
        design: Design::default(),
        emergency_supply: false,
        coordination: Coordination::default(),
        brought: Brought::default(),
    }
}

/// With all that a pharmacy can get beside the product.
fn paid_more() -> Paid {
    let other = QualifiedAmount { qualifier: 9, amount: Cents::new(300) };
    let beside = Beside {
        incentive: Cents::new(2_000),
        other_amounts: [None, Some(other), None],
        flat_tax: Cents::new(10),
        percentage_tax: Cents::new(123),
        tax_rate: Some(62_500),
        tax_basis: Some(TaxBasis::IngredientCost),
    };
    Paid { beside, compound: Some(drug()), bought_340b: true, ..paid() }
}

fn step(finding: Finding) -> Step {
    let change = AmountChange {
        account: Account::IngredientCost,
        before: Cents::ZERO,
        after: Cents::new(33_491),
    };
    let source = Some(Source { document: 12, line: 70_000 });
    Step { stage: Stage::Pricing, finding, source, amount: Some(change) }
}

fn paid_with(brought: Brought) -> Event {
    decided(Outcome::Paid(Paid { brought, ..paid() }), Vec::new())
}

fn decided(outcome: Outcome, steps: Vec<Step>) -> Event {
    let alternative = Alternative {
        ndc: "00093727098".parse().unwrap(),
        name: "metformin 500 mg tablet".into(),
        patient_pay: Cents::new(1_000),
    };
    let alert = DurAlert {
        reason: "DD".into(),
        significance: 1,
        text: "interaction".into(),
        previous_fill: Some(day("2026-02-01")),
    };
    let adjudication = Adjudication {
        outcome,
        steps,
        alerts: vec![alert],
        next_fill: Some(day("2026-04-04")),
        alternatives: vec![alternative],
        part_d: None,
    };
    Event::Decided {
        claim: Arc::new(claim()),
        book: BookVersion::from_digest([0xA5; 32]),
        rebills: Some(id(5)),
        adjudication: Arc::new(adjudication),
    }
}

fn family() -> Family {
    let accumulator = Accumulator {
        person: "01".parse().unwrap(),
        group: "CSCPPO".parse().unwrap(),
        plan_year: day("2026-01-01"),
        deductible: Cents::new(25_000),
        out_of_pocket: Cents::new(27_148),
        part_d: None,
    };
    let fill = Fill {
        id: id(9),
        key: key(),
        drug: drug(),
        paid: paid(),
        fingerprint: claim().fingerprint(),
        first: None,
        part_d: None,
        partial: None,
    };
    Family {
        version: 7,
        members: vec![member()],
        fills: vec![fill],
        accumulators: vec![accumulator],
        reversed: vec![(key(), id(3))],
        ..Family::unknown("CSC900001".parse().unwrap())
    }
}

fn brought() -> Brought {
    Brought {
        deductible: Cents::new(18_000),
        out_of_pocket: Cents::new(60_000),
        gross: Cents::ZERO,
    }
}

/// What follows a member to another group of Medicare.
fn moved() -> Brought {
    Brought { gross: Cents::new(123_456), ..brought() }
}

/// A line of a feed.
fn medical() -> MedicalTotal {
    MedicalTotal {
        id: "2026-02-01/000017".parse().unwrap(),
        person: "01".parse().unwrap(),
        group: "CSCPPO".parse().unwrap(),
        plan_year: day("2026-01-01"),
        as_of: day("2026-01-31"),
        deductible: Cents::new(18_000),
        out_of_pocket: Cents::new(60_000),
    }
}

/// A family that has a fill in two parts.
fn family_of_parts() -> Family {
    let mut family = family();
    let partial = details().partial.map(Box::new);
    family.fills.iter_mut().for_each(|fill| fill.partial.clone_from(&partial));
    family
}

/// A family that has a fill whose amounts were adjusted, and one that is not covered.
fn adjusted_family() -> Family {
    let family = family();
    let fill = family.fills.first().unwrap();
    let adjusted = Fill { first: Some(Box::new(paid())), ..fill.clone() };
    let uncovered = vec![Fill { id: id(10), ..fill.clone() }];
    Family { fills: vec![adjusted], uncovered, ..family }
}

fn member() -> Member {
    Member {
        person_code: "01".parse().unwrap(),
        first_name: "Zoë".to_owned(),
        last_name: "Example".to_owned(),
        birth: day("1951-04-30"),
        sex: Some(Sex::Female),
        relationship: Relationship::Subscriber,
        coverage: vec![Coverage {
            group: "CSCPPO".parse().unwrap(),
            from: day("2026-01-01"),
            to: Some(day("2026-12-31")),
        }],
        diagnoses: vec!["E119".to_owned()],
        allergies: vec!["penicillin".to_owned()],
        pregnant_until: Some(day("2026-09-01")),
        circumstances: Circumstances::default(),
    }
}

/// Whose benefit depends on all that a file can state.
fn exempt_member() -> Member {
    let (from, to) = (Some(day("2026-01-01")), Some(day("2026-06-30")));
    let other = OtherCoverage {
        payer: "Northern Mutual".to_owned(),
        kind: PayerKind::Commercial,
        pays: PayerOrder::Before,
        bin: "610001".parse().ok(),
        pcn: None,
        cardholder: "NM1".parse().ok(),
    };
    let circumstances = Circumstances {
        exempt: vec![During { what: ExemptGroup::Hospice, from, to }],
        monthly_income: vec![During { what: Cents::new(150_000), from, to: None }],
        other_coverage: vec![During { what: other, from: None, to }],
        low_income: Vec::new(),
        authorizations: vec![During { what: drug().ndc, from, to }],
        payment_plan: Vec::new(),
    };
    Member { circumstances, ..member() }
}

/// Who was in the Prescription Payment Plan, left it, and is in it again.
fn billed_by_the_month() -> Member {
    let span = |from, to: Option<&str>| InPaymentPlan { from: day(from), to: to.map(day) };
    let payment_plan = vec![span("2026-04-01", Some("2026-08-31")), span("2027-01-01", None)];
    let circumstances = Circumstances { payment_plan, ..Circumstances::default() };
    Member { circumstances, ..member() }
}

/// A family whose fill, accumulator and member are of Medicare Part D.
fn medicare_family() -> Family {
    let part_d = PartD {
        deductible_phase: Cents::new(61_500),
        initial_phase: Cents::new(1),
        catastrophic_phase: Cents::new(2),
        low_income_subsidy: Cents::new(3),
        manufacturer_discount: Cents::new(4),
        selected_drug_subsidy: Cents::new(5),
        reinsurance: Cents::new(6),
        supplemental: Cents::new(-7),
        basic: Cents::new(8),
        toward_deductible: Cents::new(9),
        toward_threshold: Cents::new(10),
        gross_so_far: Cents::new(11),
        transition: true,
        passed: None,
        employer: Cents::ZERO,
    };
    let year = PartDYear { gross: Cents::new(11) };
    let (from, to) = (Some(day("2026-01-01")), Some(day("2026-06-30")));
    let mut family = family();
    family.fills[0].part_d = Some(Box::new(part_d));
    family.accumulators[0].part_d = Some(year);
    family.members[0].circumstances.low_income = vec![During { what: 2, from, to }];
    family
}

/// One of each. Who adds a finding adds it here, because the match below does not know it.
fn findings() -> Vec<(&'static str, Finding)> {
    let (from, ndc) = (day("2026-01-01"), "00003089421".parse().unwrap());
    let (units, cents) = (Quantity::units(60), Cents::new(25_000));
    let rate = Percent::from_basis_points(2_500).unwrap();
    let (person, group) = ("01".parse().unwrap(), "CSCPPO".parse().unwrap());
    let basis = PriceBasis::Mac;
    let all = vec![
        Finding::Covered { person, group, from },
        Finding::InNetwork { network: "Retail standard".into(), channel: Channel::Mail },
        Finding::PrescriberAccepted,
        Finding::Product { ndc, name: "apixaban 5 mg tablet".into(), kind: ProductKind::Brand },
        Finding::NoDuplicate,
        Finding::Placed { tier: 3 },
        Finding::PlacedForAge { tier: 0, from: 40, to: 75, who: None },
        Finding::DaysAllowed { days: 90, copays: 3 },
        Finding::RefillAllowed { last: from, since: day("2026-01-24") },
        Finding::WithinQuantity { used: units, limit: units, days: 30 },
        Finding::WithinOpioidDose { mme: units, limit: units },
        Finding::DurOverridden { reason: "DD".into(), result: "1G".into() },
        Finding::DiagnosisMet { code: "E119".into() },
        Finding::StepMet { ndc, date: from },
        Finding::Priced { basis, list: "nadac".into(), unit: UnitPrice::new(552_654), rate, units },
        Finding::DispensingFee,
        Finding::LowerPrice { basis },
        Finding::NotInLowerPrice { basis },
        Finding::Deductible { left: cents, family: true },
        Finding::DeductibleWaived { tier: 1, to: None },
        Finding::Copay { each: cents, copays: 2 },
        Finding::Coinsurance { rate, at_least: Some(cents), at_most: None },
        Finding::HeldToPrice { price: cents },
        Finding::HeldToMaximum { left: cents, family: false },
        Finding::Exempt { under_age: Some(21) },
        Finding::ProductSelection { generic: ndc, generic_price: cents },
        Finding::PrescriberChoseBrand,
        Finding::Refused { code: RejectCode::RefillTooSoon, message: "too soon".into() },
        Finding::ReversedClaim { id: id(4) },
        Finding::ExemptGroup { group: ExemptGroup::Hospice },
        Finding::Shared(Shared::OtherPayers { paid: cents, left: Some(cents) }),
        Finding::AuthorizationWaived(Waiver::Emergency { days: 3, within: 30 }),
        Finding::HeldToIncome { left: cents, rate, period: Period::Quarter },
        Finding::AdministrationFee { at_most: cents },
        Finding::OtherAmount { qualifier: 9, at_most: cents },
        Finding::FlatTax { at_most: cents },
        Finding::PercentageTax { rate: 62_500, of: cents },
        Finding::TaxPaidByPlan,
        Finding::IngredientCovered { ndc, name: "apixaban 5 mg tablet".into(), tier: 3 },
        Finding::IngredientSkipped { ndc },
        Finding::IngredientDecides { ndc },
        Finding::LevelOfEffort { level: 12 },
        Finding::Bought340B { clarified: true },
        Finding::DecidedAgain { id: id(4) },
        Finding::PaidToPharmacy,
    ];
    let all = all.into_iter().chain(of_designs());
    all.map(|finding| (name(&finding), finding)).collect()
}

/// Those of Part D and of plans' designs.
fn of_designs() -> Vec<Finding> {
    let (units, cents) = (Quantity::units(60), Cents::new(25_000));
    let rate = Percent::from_basis_points(2_500).unwrap();
    let ndc = "00003089421".parse().unwrap();
    vec![
        Finding::PartD(PartDFinding::MaximumFairPrice { unit: UnitPrice::new(385_000), units }),
        Finding::PartD(PartDFinding::Phases {
            deductible: cents,
            initial: cents,
            catastrophic: cents,
        }),
        Finding::PartD(PartDFinding::InsulinShare { most: cents }),
        Finding::PartD(PartDFinding::VaccineShare),
        Finding::PartD(PartDFinding::HeldToThreshold { left: cents }),
        Finding::PartD(PartDFinding::LowIncomeCopay { level: 1, copay: cents }),
        Finding::PartD(PartDFinding::PaidByRate {
            payer: Account::Reinsurance,
            initial: rate,
            catastrophic: rate,
        }),
        Finding::PartD(PartDFinding::PaidRest { payer: Account::BasicBenefit }),
        Finding::PartD(PartDFinding::TransitionSupply {
            code: RejectCode::NotOnFormulary,
            days: 30,
        }),
        Finding::PartD(PartDFinding::NotOfPartB),
        Finding::PartD(PartDFinding::HeldToStandard { share: cents }),
        Finding::Plan(PlanFinding::TreatedAsGeneric { daw: 9, generic: ndc, tier: 1 }),
        Finding::Plan(PlanFinding::ReferencePrice { price: cents, of: Some(ndc) }),
        Finding::Plan(PlanFinding::SelectionCounts { deductible: cents, maximum: cents }),
        Finding::Plan(PlanFinding::BenefitMaximum { name: "a".into(), left: "$1.00".into() }),
        Finding::Plan(PlanFinding::Overridden {
            code: RejectCode::RefillTooSoon,
            clarification: 3,
            used: 0,
            times: 1,
        }),
        Finding::Plan(PlanFinding::GraceFill { used: 1, allowed: 2, channel: Channel::Mail }),
        Finding::Plan(PlanFinding::MedicalCounts { person: brought(), family: brought() }),
        Finding::Plan(PlanFinding::Continues { person: brought(), family: brought() }),
        Finding::Plan(PlanFinding::CarriedOver {
            since: day("2026-04-01"),
            person: Cents::new(25_000),
            family: Cents::new(50_000),
        }),
        Finding::Plan(PlanFinding::PartOfFill {
            quantity: Quantity::units(20),
            earlier: Quantity::units(10),
            intended: Quantity::units(30),
        }),
        Finding::Plan(PlanFinding::BorneByPart { whole: cents }),
    ]
}

fn name(finding: &Finding) -> &'static str {
    match finding {
        Finding::Covered { .. } => "covered",
        Finding::InNetwork { .. } => "in_network",
        Finding::PrescriberAccepted => "prescriber_accepted",
        Finding::Product { .. } => "product",
        Finding::NoDuplicate => "no_duplicate",
        Finding::Placed { .. } => "placed",
        Finding::PlacedForAge { .. } => "placed_for_age",
        Finding::DaysAllowed { .. } => "days_allowed",
        Finding::RefillAllowed { .. } => "refill_allowed",
        Finding::WithinQuantity { .. } => "within_quantity",
        Finding::WithinOpioidDose { .. } => "within_opioid_dose",
        Finding::DurOverridden { .. } => "dur_overridden",
        Finding::DiagnosisMet { .. } => "diagnosis_met",
        Finding::StepMet { .. } => "step_met",
        Finding::Priced { .. } => "priced",
        Finding::DispensingFee => "dispensing_fee",
        Finding::LowerPrice { .. } => "lower_price",
        Finding::NotInLowerPrice { .. } => "not_in_lower_price",
        Finding::Deductible { .. } => "deductible",
        Finding::DeductibleWaived { .. } => "deductible_waived",
        Finding::Copay { .. } => "copay",
        Finding::Coinsurance { .. } => "coinsurance",
        Finding::HeldToPrice { .. } => "held_to_price",
        Finding::HeldToMaximum { .. } => "held_to_maximum",
        Finding::Exempt { .. } => "exempt",
        Finding::ProductSelection { .. } => "product_selection",
        Finding::PrescriberChoseBrand => "prescriber_chose_brand",
        Finding::Refused { .. } => "refused",
        Finding::ReversedClaim { .. } => "reversed_claim",
        Finding::ExemptGroup { .. } => "exempt_group",
        Finding::Shared(_) => "shared",
        Finding::AuthorizationWaived(_) => "authorization_waived",
        Finding::HeldToIncome { .. } => "held_to_income",
        Finding::AdministrationFee { .. } => "administration_fee",
        Finding::OtherAmount { .. } => "other_amount",
        Finding::FlatTax { .. } => "flat_tax",
        Finding::PercentageTax { .. } => "percentage_tax",
        Finding::TaxPaidByPlan => "tax_paid_by_plan",
        Finding::IngredientCovered { .. } => "ingredient_covered",
        Finding::IngredientSkipped { .. } => "ingredient_skipped",
        Finding::IngredientDecides { .. } => "ingredient_decides",
        Finding::LevelOfEffort { .. } => "level_of_effort",
        Finding::Bought340B { .. } => "bought_340b",
        Finding::DecidedAgain { .. } => "decided_again",
        Finding::PaidToPharmacy => "paid_to_pharmacy",
        Finding::PartD(PartDFinding::MaximumFairPrice { .. }) => "maximum_fair_price",
        Finding::PartD(PartDFinding::Phases { .. }) => "phases",
        Finding::PartD(PartDFinding::InsulinShare { .. }) => "insulin_share",
        Finding::PartD(PartDFinding::VaccineShare) => "vaccine_share",
        Finding::PartD(PartDFinding::HeldToThreshold { .. }) => "held_to_threshold",
        Finding::PartD(PartDFinding::LowIncomeCopay { .. }) => "low_income_copay",
        Finding::PartD(PartDFinding::PaidByRate { .. }) => "paid_by_rate",
        Finding::PartD(PartDFinding::PaidRest { .. }) => "paid_rest",
        Finding::PartD(PartDFinding::TransitionSupply { .. }) => "transition_supply",
        Finding::PartD(PartDFinding::NotOfPartB) => "not_of_part_b",
        Finding::PartD(PartDFinding::HeldToStandard { .. }) => "held_to_standard",
        Finding::Plan(finding) => name_of_design(finding),
    }
}

fn name_of_design(finding: &PlanFinding) -> &'static str {
    match finding {
        PlanFinding::TreatedAsGeneric { .. } => "treated_as_generic",
        PlanFinding::ReferencePrice { .. } => "reference_price",
        PlanFinding::SelectionCounts { .. } => "selection_counts",
        PlanFinding::BenefitMaximum { .. } => "benefit_maximum",
        PlanFinding::Overridden { .. } => "overridden",
        PlanFinding::GraceFill { .. } => "grace_fill",
        PlanFinding::MedicalCounts { .. } => "medical_counts",
        PlanFinding::Continues { .. } => "continues",
        PlanFinding::CarriedOver { .. } => "carried_over",
        PlanFinding::PartOfFill { .. } => "part_of_fill",
        PlanFinding::BorneByPart { .. } => "borne_by_part",
    }
}

/// A claim that is not covered after all.
fn adjustment() -> Adjustment {
    let again = Adjudication {
        outcome: Outcome::Rejected(vec![RejectCode::CoverageTerminated]),
        steps: vec![step(Finding::DecidedAgain { id: id(9) })],
        alerts: Vec::new(),
        next_fill: None,
        alternatives: Vec::new(),
        part_d: None,
    };
    Adjustment {
        of: id(9),
        claim: Arc::new(claim()),
        book: BookVersion::from_digest([0xA5; 32]),
        because: Some(id(12)),
        before: Some(paid()),
        adjudication: Arc::new(again),
        answered: paid(),
    }
}

fn refusal() -> Refusal {
    Refusal {
        transaction: "B1".to_owned(),
        pharmacy: Some(key().pharmacy),
        prescription: None,
        date_of_service: Some(day("2026-03-12")),
        reasons: vec![RefusalReason {
            code: RejectCode::InvalidQuantity,
            message: "quantity dispensed must be more than zero".to_owned(),
            occurrence: Some(2),
        }],
    }
}

/// Every kind of entry, and a paid one for each finding.
fn entries() -> Vec<(String, Entry)> {
    let reversal = Reversal {
        pharmacy: key().pharmacy,
        prescription: key().prescription,
        fill: Some(2),
        date_of_service: key().date_of_service,
        ndc: Some(drug().ndc),
        cardholder: "CSC900001".parse().ok(),
    };
    let difference = Difference { member: Cents::new(-1_000), plan: Cents::new(1_000) };
    let rejected = Outcome::Rejected(vec![RejectCode::RefillTooSoon, RejectCode::InvalidSex]);
    let mut detailed = decided(Outcome::Rejected(vec![RejectCode::RefillTooSoon]), Vec::new());
    if let Event::Decided { claim: all, .. } = &mut detailed {
        *all = Arc::new(Claim { details: details(), ..claim() });
    }
    let mut all = vec![
        ("event detailed".to_owned(), detailed),
        ("event paid more".to_owned(), decided(Outcome::Paid(paid_more()), Vec::new())),
        ("event enrolled".to_owned(), Event::Enrolled { members: vec![member()] }),
        ("event exempt".to_owned(), Event::Enrolled { members: vec![exempt_member()] }),
        ("event payment plan".to_owned(), Event::Enrolled { members: vec![billed_by_the_month()] }),
        ("event rejected".to_owned(), decided(rejected, Vec::new())),
        (
            "event reversed".to_owned(),
            Event::Reversed { reversal: reversal.clone(), claim: id(9), key: key(), undoes: None },
        ),
        (
            "event reversed after an adjustment".to_owned(),
            Event::Reversed { reversal, claim: id(9), key: key(), undoes: Some(difference) },
        ),
        ("event medical".to_owned(), Event::Medical { totals: vec![medical()] }),
        (
            "event carried with medical".to_owned(),
            Event::Carried { family: Box::new(Family { medical: vec![medical()], ..family() }) },
        ),
        ("event paid with medical".to_owned(), paid_with(brought())),
        ("event paid after a move".to_owned(), paid_with(moved())),
        ("event adjusted".to_owned(), Event::Adjusted(Box::new(adjustment()))),
        ("event refused".to_owned(), Event::Refused(refusal())),
        ("event retired".to_owned(), Event::Retired),
        ("event carried".to_owned(), Event::Carried { family: Box::new(family()) }),
        (
            "event carried after adjustments".to_owned(),
            Event::Carried { family: Box::new(adjusted_family()) },
        ),
        (
            "event carried with parts".to_owned(),
            Event::Carried { family: Box::new(family_of_parts()) },
        ),
        ("event part d".to_owned(), Event::Carried { family: Box::new(medicare_family()) }),
    ];
    for (name, finding) in findings() {
        let event = decided(Outcome::Paid(paid()), vec![step(finding)]);
        all.push((format!("finding {name}"), event));
    }
    let recorded = Timestamp::from_millis(1_772_000_123_456);
    all.into_iter().map(|(name, event)| (name, Entry { id: id(77), recorded, event })).collect()
}

#[test]
fn bytes_of_every_release_are_read_as_what_they_were() {
    let golden = include_str!("golden/stored.txt");
    let mut missing = String::new();
    for (name, entry) in entries() {
        match golden.lines().find(|line| line.starts_with(&format!("{name}: "))) {
            Some(line) => assert_eq!(Entry::from_bytes(&unhex(line)).unwrap(), entry, "{name}"),
            None => missing.push_str(&format!("{name}: {}\n", hex(&entry.to_bytes()))),
        }
    }
    assert!(missing.is_empty(), "is this new? then add these lines:\n{missing}");
}

#[test]
fn a_family_reads_back() {
    let family = family();
    assert_eq!(Family::from_bytes(&family.to_bytes()).unwrap(), family);
}

#[test]
fn no_beginning_of_an_entry_is_an_entry_and_nothing_may_follow_it() {
    for (name, entry) in entries() {
        let mut bytes = entry.to_bytes();
        for end in 0..bytes.len() {
            assert!(Entry::from_bytes(&bytes[..end]).is_err(), "{name} cut at {end}");
        }
        bytes.push(0);
        assert!(Entry::from_bytes(&bytes).is_err(), "{name} with a byte behind it");
    }
}

#[test]
fn an_entry_is_less_than_half_of_its_json() {
    for (name, entry) in entries() {
        let (stored, json) = (entry.to_bytes().len(), serde_json::to_vec(&entry).unwrap().len());
        assert!(stored * 2 < json, "{name}: {stored} of {json}");
    }
}

#[test]
fn the_fingerprint_of_a_claim_is_the_same_in_every_release() {
    assert_eq!(format!("{:016x}", claim().fingerprint()), "f338b816844a3646");
    let later = Claim { received: day("2026-05-01"), ..claim() };
    assert_eq!(later.fingerprint(), claim().fingerprint());
    let more = Details { clarifications: vec![5], ..Details::default() };
    for other in [Claim { daw: 1, ..claim() }, Claim { details: more, ..claim() }] {
        assert_ne!(other.fingerprint(), claim().fingerprint());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(line: &str) -> Vec<u8> {
    let digits = line.split(": ").nth(1).unwrap();
    (0..digits.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap())
        .collect()
}
