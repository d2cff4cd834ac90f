//! Responses, from bytes to values and from values to the same bytes.

use openpbm_wire::ncpdp::segments::response::{
    AdditionalMessage, ApprovedMessage, Claim, DurPps, Insurance, Message, Patient, Pricing,
    Reject, Status,
};
use openpbm_wire::ncpdp::{
    Date, EncodeError, Encoder, Field, FieldId, Reason, Response, ResponseHeader, Segment, VERSION,
};

use crate::fixtures::{DATELESS, PAID, REJECTED};

fn header() -> ResponseHeader<'static> {
    ResponseHeader {
        version: VERSION.into(),
        transaction_code: "B1".into(),
        transaction_count: 1.into(),
        header_response_status: "A".into(),
        service_provider_id_qualifier: "01".into(),
        service_provider_id: "1999000015".into(),
        date_of_service: Date::new(2026, 6, 29).into(),
    }
}

fn line(qualifier: &'static str, text: &'static str, more: bool) -> AdditionalMessage<'static> {
    AdditionalMessage {
        qualifier: qualifier.into(),
        text: text.into(),
        continuity: more.then_some("+").into(),
    }
}

#[test]
fn a_paid_answer_is_written_as_the_fixture_has_it() {
    let name = "RIVERA".to_owned();
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, &header());
    encoder.segment(&Message { message: "COVERED UNDER TIER 0".into() });
    encoder.segment(&Insurance {
        group_id: "CSCPPO".into(),
        plan_id: "PPO".into(),
        network_reimbursement_id: "RETPREF".into(),
        cardholder_id: "CSC100001".into(),
        ..Default::default()
    });
    encoder.segment(&Patient {
        first_name: "ANA".into(),
        last_name: name.as_str().into(),
        date_of_birth: Date::new(1984, 3, 12).into(),
    });
    encoder.transaction();
    encoder.segment(&Status {
        status: "P".into(),
        authorization_number: "202606290000000001".into(),
        approved_messages: vec![ApprovedMessage { code: "001".into() }].into(),
        messages: vec![
            line("01", "ACA PREVENTIVE DRUG: NO COST SHARE IF FI", true),
            line("02", "LLED IN NETWORK", false),
        ]
        .into(),
        help_desk_phone_number_qualifier: "03".into(),
        help_desk_phone_number: "18005550100".into(),
        ..Default::default()
    });
    encoder.segment(&Claim {
        prescription_reference_number_qualifier: "1".into(),
        prescription_reference_number: "000012345678".into(),
        ..Default::default()
    });
    encoder.segment(&DurPps::default());
    encoder.segment(&Pricing {
        patient_pay_cents: 0.into(),
        ingredient_cost_cents: 1310.into(),
        dispensing_fee_cents: 150.into(),
        tax_exempt_indicator: "1".into(),
        total_amount_paid_cents: 1460.into(),
        basis_of_reimbursement: 7.into(),
        sales_tax_cents: 0.into(),
        accumulated_deductible_cents: 0.into(),
        remaining_deductible_cents: 25_000.into(),
        applied_to_deductible_cents: 0.into(),
        copay_cents: 0.into(),
        coinsurance_cents: 0.into(),
        contracted_ingredient_cost_cents: 1310.into(),
        contracted_dispensing_fee_cents: 150.into(),
        ..Default::default()
    });
    encoder.finish().unwrap();
    assert_eq!(out.escape_ascii().to_string(), PAID.escape_ascii().to_string());
}

#[test]
fn a_rejected_answer() {
    let response = Response::decode(REJECTED).unwrap();
    let transaction = response.transactions().next().unwrap();
    let status: Status = transaction.read().unwrap();
    assert_eq!(status.status.value(), Some("R"));
    let rejects: Vec<_> = status
        .rejects
        .iter()
        .map(|reject| (reject.code.value().unwrap(), reject.occurrence.value()))
        .collect();
    assert_eq!(rejects, [("70", None), ("M2", Some(2)), ("E7", None)]);
    let claim: Claim = transaction.read().unwrap();
    assert_eq!(claim.preferred_products.len(), 2);
    assert_eq!(claim.preferred_products[1].cost_share_incentive_cents.value(), Some(500));
    let dur: DurPps = transaction.read().unwrap();
    assert_eq!(dur.alerts[0].previous_fill_quantity.value(), Some(60_000));
    assert_eq!(dur.alerts[1].additional_text.value(), Some("SAME CLASS FILLED WITHIN 30 DAYS"));
    assert_eq!((status.faults(), claim.faults(), dur.faults()), (vec![], vec![], vec![]));
}

#[test]
fn a_header_without_its_date() {
    let response = Response::decode(DATELESS).unwrap();
    assert_eq!(response.header().service_provider_id.value(), Some("1999000015"));
    assert_eq!(response.header().date_of_service, Field::Absent);
    let status: Status = response.transactions().next().unwrap().read().unwrap();
    assert_eq!(status.rejects[0].code.value(), Some("07"));
}

#[test]
fn values_that_do_not_fit_are_told_and_nothing_is_written() {
    let fails = |status: Status<'_>| {
        let mut out = b"kept".to_vec();
        let mut encoder = Encoder::new(&mut out, &header());
        encoder.transaction().segment(&status);
        let error = encoder.finish().unwrap_err();
        assert_eq!(out, b"kept");
        error
    };
    let field = |number, reason| EncodeError::Field {
        segment: Some(Status::ID),
        id: FieldId::of(number),
        reason,
    };
    let long =
        Status { authorization_number: "123456789012345678901".into(), ..Default::default() };
    assert_eq!(fails(long), field("503-F3", Reason::TooLong));
    // A separator in a value would otherwise make a field of its own.
    let split = Status { authorization_number: "1\x1cANP".into(), ..Default::default() };
    assert_eq!(fails(split), field("503-F3", Reason::NotText));
    let reject = || Reject { code: "70".into(), occurrence: Field::Absent };
    let many = Status {
        rejects: (0..100).map(|_| reject()).collect::<Vec<_>>().into(),
        ..Default::default()
    };
    assert_eq!(fails(many), field("510-FA", Reason::TooLong));
    let letters = Status { help_desk_phone_number: "1-800".into(), ..Default::default() };
    assert_eq!(fails(letters), field("550-8F", Reason::NotDigits));
    assert_eq!(fails(Status::default()), EncodeError::EmptyTransaction { transaction: 1 });
}

#[test]
fn amounts_beyond_their_picture_do_not_wrap() {
    for (cents, fits) in [(99_999_999, true), (100_000_000, false), (-100_000_000, false)] {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, &header());
        let pricing = Pricing { patient_pay_cents: cents.into(), ..Default::default() };
        encoder.transaction().segment(&pricing);
        assert_eq!(encoder.finish().is_ok(), fits, "{cents}");
    }
}

#[test]
fn the_count_must_be_the_number_of_transactions() {
    for written in 0..=5 {
        let mut out = Vec::new();
        let declared = ResponseHeader { transaction_count: 2.into(), ..header() };
        let mut encoder = Encoder::new(&mut out, &declared);
        for _ in 0..written {
            encoder.transaction().segment(&Status { status: "P".into(), ..Default::default() });
        }
        let expected = if written == 2 { Ok(()) } else { Err(EncodeError::Count { written }) };
        assert_eq!(encoder.finish(), expected);
    }
    let mut out = Vec::new();
    let mut encoder =
        Encoder::new(&mut out, &ResponseHeader { transaction_count: 5.into(), ..header() });
    for _ in 0..5 {
        encoder.transaction().segment(&Status { status: "P".into(), ..Default::default() });
    }
    assert_eq!(encoder.finish(), Err(EncodeError::Count { written: 5 }));
}
