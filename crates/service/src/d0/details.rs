//! What a transaction says beyond what every claim must: the segments and fields that most
//! claims do without.

use openpbm_core::{
    Cents, Charges, ClaimedAuthorization, Completed, Compound, Coupon, Details, Ingredient,
    OtherPayer, PartialFill, Prescribed, PrescriptionNumber, QualifiedAmount, Quantity, RejectCode,
    Setting, TaxBasis,
};
use openpbm_wire::ncpdp::Field;
use openpbm_wire::ncpdp::segments::request as segments;

use super::collect::Collector;
use super::read::{civil, number};
use super::transaction::{NDC, Parts};

/// The most submission clarification codes that 354-NX counts.
const MOST_CLARIFICATIONS: usize = 3;

/// The most other payers that 337-4C counts.
const MOST_PAYERS: usize = 9;

/// The most ingredients that 447-EC counts.
const MOST_INGREDIENTS: usize = 25;

impl Parts<'_, '_, '_> {
    /// Everything that the claim's segments say beyond what every claim must.
    pub(super) fn details(&self, collector: &mut Collector) -> Details {
        let claim = self.claim.cloned().unwrap_or_default();
        let pricing = self.group.read::<segments::Pricing<'_>>().unwrap_or_default();
        let services = self.group.read::<segments::DurPps<'_>>().unwrap_or_default().services;
        // With a conflict and a result it is an answer to an alert.
        let alone = services.iter().filter(|service| {
            service.reason_code.value().is_none() || service.result_code.value().is_none()
        });
        let done = alone.filter_map(|service| service.professional_service_code.value());
        let effort = services.iter().filter_map(|s| s.level_of_effort.value()).max();
        if effort.is_some_and(|effort| !(11..=15).contains(&effort)) {
            collector.wrong("474-8E", "11 to 15");
        }
        Details {
            clarifications: clarifications(&claim, collector),
            charges: charges(&pricing, collector),
            other_payers: self.other_payers(collector),
            coupon: self.coupon(collector),
            authorization: authorization(&claim),
            partial: partial(&claim, collector),
            compound: self.compound(&claim, collector),
            setting: self.setting(&claim, collector),
            prescribed: prescribed(&claim, collector),
            professional_services: done.map(str::to_owned).collect(),
            level_of_effort: effort.and_then(|effort| u8::try_from(effort).ok()),
            member_submitted: member_submitted(&claim, collector),
        }
    }

    /// Segment 05.
    fn other_payers(&self, collector: &mut Collector) -> Vec<OtherPayer> {
        let Some(sent) = self.group.read::<segments::CoordinationOfBenefits<'_>>() else {
            return Vec::new();
        };
        collector.faults(&sent);
        if sent.other_payers.len() > MOST_PAYERS {
            collector.wrong("337-4C", "at most 9");
        }
        (1..).zip(&sent.other_payers).map(|(at, payer)| other_payer(at, payer, collector)).collect()
    }

    /// Segment 09.
    fn coupon(&self, collector: &mut Collector) -> Option<Coupon> {
        let sent = self.group.read::<segments::Coupon<'_>>()?;
        collector.faults(&sent);
        let kind = collector.required(sent.coupon_type, "485-KE");
        let number = collector.required(sent.coupon_number, "486-ME");
        Some(Coupon {
            kind: collector.parsed(kind, "485-KE", CODE, |code| code.parse().ok())?,
            number: number?.trim().to_owned(),
            value: amount(sent.value_cents, "487-NE", collector),
        })
    }

    /// Segment 10, which a compound must have and nothing else may.
    fn compound(&self, claim: &segments::Claim<'_>, collector: &mut Collector) -> Option<Compound> {
        if claim.compound_code.value() != Some(2) {
            return None;
        }
        let Some(sent) = self.group.read::<segments::Compound<'_>>() else {
            let code = RejectCode::InvalidCompoundSegment;
            collector.refuse(code, "compound segment (10) is missing");
            return None;
        };
        collector.faults(&sent);
        if !(1..=MOST_INGREDIENTS).contains(&sent.ingredients.len()) {
            collector.wrong("447-EC", "1 to 25");
        }
        let text = |field: Field<&str>| field.value().map(|text| text.trim().to_owned());
        let ingredients = (1..).zip(&sent.ingredients);
        Some(Compound {
            ingredients: ingredients.filter_map(|(at, i)| ingredient(at, i, collector)).collect(),
            form: text(sent.dosage_form),
            route: text(claim.route_of_administration),
        })
    }

    fn setting(&self, claim: &segments::Claim<'_>, collector: &mut Collector) -> Setting {
        let patient = self.patient().unwrap_or_default();
        Setting {
            residence: small(patient.patient_residence, "384-4X", collector),
            place_of_service: small(patient.place_of_service, "307-C7", collector),
            pharmacy_service: small(claim.pharmacy_service_type, "147-U7", collector),
            level_of_service: small(claim.level_of_service, "418-DI", collector),
            packaging: small(claim.special_packaging_indicator, "429-DT", collector),
        }
    }
}

/// 391-MT: N if the plan is to pay the member, who has paid the pharmacy.
fn member_submitted(claim: &segments::Claim<'_>, collector: &mut Collector) -> bool {
    let sent = claim.patient_assignment_indicator.value();
    let read = collector.parsed(sent, "391-MT", "Y or N", |code| match code {
        "Y" => Some(false),
        "N" => Some(true),
        _ => None,
    });
    read.unwrap_or(false)
}

const CODE: &str = "a code of two digits";
const NOT_NEGATIVE: &str = "zero or above";

/// A code of few digits.
fn small(field: Field<u32>, number: &str, collector: &mut Collector) -> Option<u8> {
    let code = field.value()?;
    let small = u8::try_from(code).ok();
    if small.is_none() {
        collector.wrong(number, CODE);
    }
    small
}

/// An amount that may be nothing and not less.
fn amount(field: Field<i64>, number: &str, collector: &mut Collector) -> Option<Cents> {
    let cents = field.value()?;
    if cents < 0 {
        collector.wrong(number, NOT_NEGATIVE);
        return None;
    }
    Some(Cents::new(cents))
}

/// A quantity above zero, from thousandths.
fn quantity(field: Field<i64>, number: &str, collector: &mut Collector) -> Option<Quantity> {
    let thousandths = u64::try_from(field.value()?).unwrap_or(0);
    let quantity = Quantity::from_thousandths(thousandths).filter(|quantity| !quantity.is_zero());
    if quantity.is_none() {
        collector.wrong(number, "above zero");
    }
    quantity
}

/// Amounts with their qualifiers, each of which must be there.
fn amounts<'s>(
    sent: impl Iterator<Item = (Field<&'s str>, Field<i64>)>,
    (qualifier_number, amount_number): (&str, &str),
    collector: &mut Collector,
) -> Vec<QualifiedAmount> {
    let read = |(at, (qualifier, cents)): (u8, (Field<&str>, Field<i64>))| {
        let code = qualifier.value().and_then(|code| code.trim().parse().ok());
        if code.is_none() {
            collector.wrong_at(qualifier_number, at, CODE);
        }
        if cents.value().is_none_or(|cents| cents < 0) {
            collector.wrong_at(amount_number, at, NOT_NEGATIVE);
        }
        Some(QualifiedAmount { qualifier: code?, amount: Cents::new(cents.value()?) })
    };
    (1..).zip(sent).filter_map(read).collect()
}

/// 420-DK.
fn clarifications(claim: &segments::Claim<'_>, collector: &mut Collector) -> Vec<u16> {
    let sent = &claim.submission_clarifications;
    if sent.len() > MOST_CLARIFICATIONS {
        collector.wrong("354-NX", "at most 3");
    }
    let codes = sent.iter().filter_map(|sent| sent.code.value());
    codes.filter_map(|code| u16::try_from(code).ok()).collect()
}

/// 461-EU and 462-EV; type 0 is none.
fn authorization(claim: &segments::Claim<'_>) -> Option<ClaimedAuthorization> {
    let kind = claim.prior_authorization_type_code.value().unwrap_or(0);
    let number = claim.prior_authorization_number.value();
    let number = number.and_then(|digits| digits.trim().parse().ok()).unwrap_or(0);
    let kind = u8::try_from(kind).unwrap_or(0);
    (kind > 0 || number > 0).then_some(ClaimedAuthorization { kind, number })
}

/// Segment 11, but for what every claim must have.
fn charges(pricing: &segments::Pricing<'_>, collector: &mut Collector) -> Charges {
    let other = pricing.other_amounts.iter().map(|other| (other.qualifier, other.amount_cents));
    let basis = pricing.percentage_sales_tax_basis.value().filter(|basis| !basis.trim().is_empty());
    let rate = pricing.percentage_sales_tax_rate.value();
    let cost_basis = pricing.basis_of_cost_determination.value();
    Charges {
        ingredient_cost: amount(pricing.ingredient_cost_cents, "409-D9", collector),
        dispensing_fee: amount(pricing.dispensing_fee_cents, "412-DC", collector),
        professional_service_fee: amount(
            pricing.professional_service_fee_cents,
            "477-BE",
            collector,
        ),
        incentive: amount(pricing.incentive_cents, "438-E3", collector),
        other_amounts: amounts(other, ("479-H8", "480-H9"), collector),
        flat_tax: amount(pricing.flat_sales_tax_cents, "481-HA", collector),
        percentage_tax: amount(pricing.percentage_sales_tax_cents, "482-GE", collector),
        tax_rate: rate.and_then(|rate| u32::try_from(rate).ok()),
        tax_basis: collector.parsed(basis, "484-JE", "blank, 02, 03 or 04", |basis| {
            TaxBasis::ALL.into_iter().find(|known| known.code() == basis)
        }),
        patient_paid: amount(pricing.patient_paid_cents, "433-DX", collector),
        cost_basis: collector.parsed(cost_basis, "423-DN", CODE, |basis| basis.parse().ok()),
    }
}

/// One payer of segment 05.
fn other_payer(at: u8, payer: &segments::OtherPayer<'_>, collector: &mut Collector) -> OtherPayer {
    let coverage = payer.coverage_type.value().and_then(|code| code.trim().parse().ok());
    if coverage.is_none() {
        collector.wrong_at("338-5C", at, CODE);
    }
    if payer.date.value().is_none() && payer.coverage_type.value().is_some_and(|c| c != "98") {
        collector.wrong_at("443-E8", at, "the day of the payer's answer");
    }
    let paid = payer.amounts_paid.iter().map(|paid| (paid.qualifier, paid.amount_cents));
    let left =
        payer.patient_responsibilities.iter().map(|left| (left.qualifier, left.amount_cents));
    let stages = payer.benefit_stages.iter().map(|stage| (stage.qualifier, stage.amount_cents));
    let rejects = payer.rejects.iter().filter_map(|reject| reject.code.value());
    OtherPayer {
        coverage_type: coverage.unwrap_or_default(),
        id: payer.payer_id.value().map(|id| id.trim().to_owned()),
        date: payer.date.value().and_then(civil),
        paid: amounts(paid, ("342-HC", "431-DV"), collector),
        rejects: rejects.map(|code| code.trim().to_owned()).collect(),
        left_to_patient: amounts(left, ("351-NP", "352-NQ"), collector),
        benefit_stages: amounts(stages, ("393-MV", "394-MW"), collector),
    }
}

/// One ingredient of segment 10.
fn ingredient(
    at: u8,
    sent: &segments::Ingredient<'_>,
    collector: &mut Collector,
) -> Option<Ingredient> {
    if sent.product_id_qualifier.value() != Some("03") {
        collector.wrong_at("488-RE", at, "03, an NDC");
    }
    let ndc = sent.product_id.value().and_then(|id| id.trim().parse().ok());
    if ndc.is_none() {
        collector.wrong_at("489-TE", at, NDC);
    }
    let quantity = sent.quantity.value().and_then(|thousandths| u64::try_from(thousandths).ok());
    let quantity = quantity.and_then(Quantity::from_thousandths).filter(|q| !q.is_zero());
    if quantity.is_none() {
        collector.wrong_at("448-ED", at, "above zero");
    }
    if sent.drug_cost_cents.value().is_some_and(|cents| cents < 0) {
        collector.wrong_at("449-EE", at, NOT_NEGATIVE);
    }
    let basis = sent.basis_of_cost_determination.value();
    Some(Ingredient {
        ndc: ndc?,
        quantity: quantity?,
        cost: sent.drug_cost_cents.value().map(Cents::new),
        cost_basis: collector.parsed(basis, "490-UE", CODE, |basis| basis.parse().ok()),
    })
}

/// 343-HD and what it needs.
fn partial(claim: &segments::Claim<'_>, collector: &mut Collector) -> Option<PartialFill> {
    let status = claim.dispensing_status.value().filter(|status| !status.trim().is_empty())?;
    if !matches!(status, "P" | "C") {
        collector.wrong("343-HD", "blank, P (partial) or C (completion)");
        return None;
    }
    collector.required(claim.quantity_intended, "344-HF");
    let quantity_intended = quantity(claim.quantity_intended, "344-HF", collector);
    let days = collector.required(claim.days_supply_intended, "345-HG");
    if days == Some(0) {
        collector.wrong("345-HG", "at least 1");
    }
    let completes = if status == "C" { Some(completed(claim, collector)?) } else { None };
    Some(PartialFill {
        quantity_intended: quantity_intended?,
        days_intended: days.and_then(|days| u16::try_from(days).ok()).filter(|&days| days > 0)?,
        completes,
    })
}

/// 456-EN and 457-EP, without which a completion completes nothing.
fn completed(claim: &segments::Claim<'_>, collector: &mut Collector) -> Option<Completed> {
    let of = collector.required(claim.associated_prescription_reference_number, "456-EN");
    let date = collector.required(claim.associated_prescription_date, "457-EP");
    let prescription: Option<PrescriptionNumber> =
        collector.parsed(of, "456-EN", "a number above zero", number);
    Some(Completed { prescription: prescription?, date_of_service: date.and_then(civil)? })
}

/// What the claim segment says of the prescription.
fn prescribed(claim: &segments::Claim<'_>, collector: &mut Collector) -> Prescribed {
    Prescribed {
        written: claim.date_prescription_written.value().and_then(civil),
        origin: small(claim.prescription_origin_code, "419-DJ", collector),
        quantity: quantity(claim.quantity_prescribed, "460-ET", collector),
        refills: small(claim.refills_authorized, "415-DF", collector),
    }
}
