//! Entries of every kind, made from a number. The persons are invented.

use openpbm_core::{
    Account, Adjudication, AmountChange, BillingKey, BookVersion, Brought, Cents, Channel,
    Circumstances, Claim, ClaimId, Coordination, Coverage, Date, Design, DrugUse, Entry, Event,
    FamilyId, Finding, GroupId, Member, Ndc, Npi, Outcome, Paid, PersonCode, PrescriptionNumber,
    PriceBasis, ProductKind, Quantity, Refusal, RefusalReason, RejectCode, Relationship, Reversal,
    Sex, Source, Stage, Step, Timestamp,
};

const START: u64 = 1_772_000_000_000;

/// A family of that number.
pub(crate) fn family(number: u64) -> FamilyId {
    format!("A{number:09}").parse().unwrap()
}

/// The id of the entry of that number; they sort like the numbers.
pub(crate) fn id(number: u64) -> ClaimId {
    ClaimId::new(START + number, number)
}

/// The billing key of the claim of that number.
pub(crate) fn key(number: u64) -> BillingKey {
    BillingKey {
        pharmacy: "1999000015".parse().unwrap(),
        prescription: PrescriptionNumber::new(1 + number).unwrap(),
        fill: 0,
        date_of_service: day("2026-03-12"),
    }
}

/// An enrollment of one member whose name needs care in JSON and SQL.
pub(crate) fn enrolled(number: u64) -> Entry {
    let member = Member {
        person_code: person(),
        first_name: format!("Zoë \"{number}\""),
        last_name: "O'Neil \\ Ñandú\u{1f48a}".to_owned(),
        birth: day("1984-02-29"),
        sex: Some(Sex::Female),
        relationship: Relationship::Subscriber,
        coverage: vec![Coverage { group: group(), from: day("2026-01-01"), to: None }],
        diagnoses: vec!["E119".to_owned()],
        allergies: vec!["penicillin".to_owned()],
        pregnant_until: None,
        circumstances: Circumstances::default(),
    };
    entry(number, Event::Enrolled { members: vec![member] })
}

/// A claim that was paid, with as many steps as a plain one has.
pub(crate) fn paid(number: u64) -> Entry {
    decided(number, Outcome::Paid(amounts()), steps())
}

/// A claim that was rejected.
pub(crate) fn rejected(number: u64) -> Entry {
    let code = RejectCode::RefillTooSoon;
    let message = "refill possible on 2026-04-04".into();
    let refused = Step {
        stage: Stage::Utilization,
        finding: Finding::Refused { code, message },
        source: Some(Source { document: 3, line: 41 }),
        amount: None,
    };
    decided(number, Outcome::Rejected(vec![code]), vec![refused])
}

/// The reversal, by entry `number`, of the claim of number `claim`.
pub(crate) fn reversed(number: u64, claim: u64) -> Entry {
    let key = key(claim);
    let reversal = Reversal {
        pharmacy: key.pharmacy,
        prescription: key.prescription,
        fill: None,
        date_of_service: key.date_of_service,
        ndc: None,
        cardholder: None,
    };
    entry(number, Event::Reversed { reversal, claim: id(claim), key, undoes: None })
}

/// A reversal that found nothing, with the key of the claim of that number.
pub(crate) fn refused(number: u64) -> Entry {
    let key = key(number);
    let refusal = Refusal {
        transaction: "B2".to_owned(),
        pharmacy: Some(key.pharmacy),
        prescription: Some(key.prescription),
        date_of_service: Some(key.date_of_service),
        reasons: vec![RefusalReason::new(RejectCode::NotPaid, "no such claim")],
    };
    entry(number, Event::Refused(refusal))
}

fn entry(number: u64, event: Event) -> Entry {
    Entry { id: id(number), recorded: Timestamp::from_millis(START + number), event }
}

fn decided(number: u64, outcome: Outcome, steps: Vec<Step>) -> Entry {
    let adjudication = Adjudication {
        outcome,
        steps,
        alerts: Vec::new(),
        next_fill: None,
        alternatives: Vec::new(),
        part_d: None,
    };
    let claim = Claim {
        key: key(number),
        received: day("2026-03-12"),
        group: Some(group()),
        cardholder: family(number % 1000),
        person_code: Some(person()),
        birth: day("1984-02-29"),
        sex: Some(Sex::Female),
        pregnant: false,
        prescriber: npi("1999000114"),
        drug: DrugUse { ndc: ndc(), quantity: Quantity::units(60), days_supply: 30 },
        daw: 0,
        compound: false,
        other_coverage: None,
        usual_and_customary: Some(Cents::new(61_250)),
        gross_amount_due: Cents::new(61_250),
        diagnoses: Vec::new(),
        dur_overrides: Vec::new(),
        details: openpbm_core::Details::default(),
    };
    let book = BookVersion::from_digest([7; 32]);
    let (claim, adjudication) = (claim.into(), adjudication.into());
    entry(number, Event::Decided { claim, book, rebills: None, adjudication })
}

fn steps() -> Vec<Step> {
    let step = |stage, finding, amount| Step {
        stage,
        finding,
        source: Some(Source { document: 2, line: 17 }),
        amount,
    };
    let change = |account, after| {
        Some(AmountChange { account, before: Cents::ZERO, after: Cents::new(after) })
    };
    let priced = Finding::Priced {
        basis: PriceBasis::Nadac,
        list: "nadac".into(),
        unit: "5.52654".parse().unwrap(),
        rate: "101%".parse().unwrap(),
        units: Quantity::units(60),
    };
    let covered = Finding::Covered { person: person(), group: group(), from: day("2026-01-01") };
    let network =
        Finding::InNetwork { network: "retail preferred".into(), channel: Channel::Retail };
    let product =
        Finding::Product { ndc: ndc(), name: "Eliquis 5 mg".into(), kind: ProductKind::Brand };
    let copay = Finding::Copay { each: Cents::new(4_500), copays: 1 };
    vec![
        step(Stage::Eligibility, covered, None),
        step(Stage::Pharmacy, network, None),
        step(Stage::Prescriber, Finding::PrescriberAccepted, None),
        step(Stage::Product, product, None),
        step(Stage::Duplicate, Finding::NoDuplicate, None),
        step(Stage::Formulary, Finding::Placed { tier: 3 }, None),
        step(Stage::Pricing, priced, change(Account::IngredientCost, 33_491)),
        step(Stage::Pricing, Finding::DispensingFee, change(Account::DispensingFee, 150)),
        step(Stage::Benefit, copay, change(Account::Copay, 4_500)),
    ]
}

fn amounts() -> Paid {
    Paid {
        person: person(),
        group: group(),
        plan_year: day("2026-01-01"),
        tier: 3,
        kind: ProductKind::Brand,
        basis: PriceBasis::Nadac,
        ingredient_cost: Cents::new(33_491),
        dispensing_fee: Cents::new(150),
        deductible: Cents::ZERO,
        copay: Cents::new(4_500),
        coinsurance: Cents::ZERO,
        product_selection: Cents::ZERO,
        accumulated_deductible: Cents::new(25_000),
        remaining_deductible: Some(Cents::ZERO),
        accumulated_out_of_pocket: Cents::new(29_500),
        remaining_out_of_pocket: Some(Cents::new(270_500)),
        beside: openpbm_core::Beside::default(),
        compound: None,
        bought_340b: false,
        emergency_supply: false,
        coordination: Coordination::default(),
        brought: Brought::default(),
        design: Design::default(),
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn npi(text: &str) -> Npi {
    text.parse().unwrap()
}

fn ndc() -> Ndc {
    "00003089421".parse().unwrap()
}

fn group() -> GroupId {
    "CSCPPO".parse().unwrap()
}

fn person() -> PersonCode {
    "01".parse().unwrap()
}
