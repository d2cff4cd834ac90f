//! Requests, from bytes to values: every figure here was put into the fixture by hand.

use openpbm_wire::ncpdp::segments::request::{
    Claim, Clinical, Compound, CoordinationOfBenefits, DurPps, Insurance, Patient, Prescriber,
    Pricing,
};
use openpbm_wire::ncpdp::{Date, Field, FieldId, Request, Segment, SegmentId, Time};

use crate::fixtures::{B1, COMPOUND, E1, FOUR, ODD, UNKNOWN};

#[test]
fn a_billing_request() {
    let request = Request::decode(B1).unwrap();
    let header = request.header();
    assert_eq!(header.bin.value(), Some("900001"));
    assert_eq!(header.transaction_code.value(), Some("B1"));
    assert_eq!(header.processor_control_number.value(), Some("OPENPBM"));
    assert_eq!(header.transaction_count.value(), Some(1));
    assert_eq!(header.service_provider_id.value(), Some("1999000015"));
    assert_eq!(header.date_of_service.value(), Date::new(2026, 6, 29));
    assert_eq!(request.count_fault(), None);

    let patient: Patient = request.transmission().read().unwrap();
    assert_eq!(patient.date_of_birth.value(), Date::new(1984, 3, 12));
    assert_eq!(patient.gender.value(), Some(2));
    assert_eq!(patient.first_name.value(), Some("ANA"));
    let insurance: Insurance = request.transmission().read().unwrap();
    assert_eq!(insurance.cardholder_id.value(), Some("CSC100001"));
    assert_eq!(insurance.person_code.value(), Some("01"));

    assert_eq!(request.transactions().count(), 1);
    let transaction = request.transactions().next().unwrap();
    let claim: Claim = transaction.read().unwrap();
    assert_eq!(claim.quantity_dispensed.value(), Some(30_000));
    assert_eq!(claim.days_supply.value(), Some(30));
    assert_eq!(claim.product_id.value(), Some("00093505698"));
    assert_eq!(claim.submission_clarifications.len(), 1);
    assert_eq!(claim.submission_clarifications[0].code.value(), Some(2));
    assert_eq!(claim.delay_reason_code, Field::Absent);
    let prescriber: Prescriber = transaction.read().unwrap();
    assert_eq!(prescriber.prescriber_id.value(), Some("1999000114"));
    let pricing: Pricing = transaction.read().unwrap();
    assert_eq!(pricing.ingredient_cost_cents.value(), Some(1310));
    assert_eq!(pricing.patient_paid_cents.value(), Some(0));
    assert_eq!(pricing.usual_and_customary_cents.value(), Some(19990));
    for faults in [patient.faults(), insurance.faults(), claim.faults(), pricing.faults()] {
        assert_eq!(faults, []);
    }
}

#[test]
fn a_compound_with_other_payers_conflicts_and_diagnoses() {
    let request = Request::decode(COMPOUND).unwrap();
    let transaction = request.transactions().next().unwrap();

    let claim: Claim = transaction.read().unwrap();
    let modifiers: Vec<_> = claim.procedure_modifiers.iter().map(|one| one.code.value()).collect();
    assert_eq!(modifiers, [Some("RT"), Some("LT")]);

    let cob: CoordinationOfBenefits = transaction.read().unwrap();
    let [primary, secondary] = &cob.other_payers[..] else { panic!("two payers") };
    assert_eq!(primary.payer_id.value(), Some("610014"));
    let paid: Vec<_> = primary
        .amounts_paid
        .iter()
        .map(|paid| (paid.qualifier.value().unwrap(), paid.amount_cents.value().unwrap()))
        .collect();
    assert_eq!(paid, [("07", 1250), ("99", 25)]);
    assert_eq!(primary.patient_responsibilities[0].amount_cents.value(), Some(2000));
    assert_eq!(primary.benefit_stages[0].amount_cents.value(), Some(1250));
    assert!(primary.rejects.is_empty());
    let rejects: Vec<_> = secondary.rejects.iter().map(|one| one.code.value().unwrap()).collect();
    assert_eq!(rejects, ["70", "75"]);
    assert!(secondary.amounts_paid.is_empty());

    let dur: DurPps = transaction.read().unwrap();
    assert_eq!(dur.services.len(), 2);
    assert_eq!(dur.services[0].co_agent_id.value(), Some("00093505698"));
    assert_eq!(dur.services[1].reason_code.value(), Some("HD"));

    let compound: Compound = transaction.read().unwrap();
    assert_eq!(compound.ingredients.len(), 2);
    assert_eq!(compound.ingredients[0].modifiers.len(), 2);
    assert_eq!(compound.ingredients[1].quantity.value(), Some(60_000));
    assert_eq!(compound.ingredients[1].drug_cost_cents.value(), Some(75));

    let clinical: Clinical = transaction.read().unwrap();
    assert_eq!(clinical.diagnoses[0].code.value(), Some("E119"));
    assert_eq!(clinical.measurements[0].time.value(), Time::new(9, 30));

    let pricing: Pricing = transaction.read().unwrap();
    assert_eq!(pricing.other_amounts.len(), 2);
    assert_eq!(pricing.percentage_sales_tax_rate.value(), Some(650_000));
    for faults in [cob.faults(), dur.faults(), compound.faults(), clinical.faults()] {
        assert_eq!(faults, []);
    }
}

#[test]
fn four_claims_keep_their_order() {
    let request = Request::decode(FOUR).unwrap();
    let numbers: Vec<_> = request
        .transactions()
        .map(|transaction| transaction.read::<Claim>().unwrap())
        .map(|claim| claim.prescription_reference_number.value().unwrap())
        .collect();
    assert_eq!(numbers, ["000000000001", "000000000002", "000000000003", "000000000004"]);
    assert_eq!(request.count_fault(), None);
}

#[test]
fn an_eligibility_request_has_no_transaction_of_its_own() {
    let request = Request::decode(E1).unwrap();
    assert_eq!(request.transactions().count(), 0);
    assert_eq!(request.count_fault(), None);
    assert!(request.transmission().read::<Insurance>().is_some());
}

#[test]
fn liberties_with_separators_are_understood() {
    let request = Request::decode(ODD).unwrap();
    let insurance: Insurance = request.transmission().read().unwrap();
    assert_eq!(insurance.cardholder_id.value(), Some("CSC100001"));
    assert_eq!(insurance.person_code.value(), Some("01"));
    let patient: Patient = request.transmission().read().unwrap();
    assert_eq!(patient.gender, Field::Blank);
    assert_eq!(request.transactions().count(), 1);
    let claim: Claim = request.transactions().next().unwrap().read().unwrap();
    assert_eq!(claim.prescription_reference_number.value(), Some("000000000042"));
    // A quantity is unsigned: an overpunched one is no quantity.
    assert!(claim.quantity_dispensed.fault().is_some());
}

#[test]
fn unknown_fields_and_segments_stay_in_the_frame() {
    let request = Request::decode(UNKNOWN).unwrap();
    let unknown = request.transmission().segment(SegmentId::new(*b"77")).unwrap();
    let fields: Vec<_> = unknown.fields().map(|field| (field.id(), field.bytes())).collect();
    assert_eq!(
        fields,
        [
            (FieldId::new(*b"ZZ"), b"SOMETHING NEW".as_slice()),
            (FieldId::new(*b"Z1"), b""),
            (FieldId::new(*b"Z2"), b""),
        ]
    );
    let transaction = request.transactions().next().unwrap();
    let claim: Claim = transaction.read().unwrap();
    assert_eq!(claim.days_supply.value(), Some(30));
    let ids: Vec<_> = transaction.segments().map(|segment| segment.id()).collect();
    assert_eq!(ids, [Some(Claim::ID), None, Some(SegmentId::new(*b"99"))]);
}
