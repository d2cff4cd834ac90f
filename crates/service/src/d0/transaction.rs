//! The segments of one transaction to a request of the engine.

use openpbm_core::{
    BillingKey, CardholderId, Cents, Claim, Date, DrugUse, DurOverride, GroupId, Ndc, Npi,
    PersonCode, PrescriptionNumber, Quantity, RejectCode, Reversal, Sex,
};
use openpbm_engine::transaction::Inquiry;
use openpbm_wire::ncpdp::segments::request as segments;
use openpbm_wire::ncpdp::{Field, Group};

use super::collect::Collector;
use super::read::{Common, NPI, civil, number};

/// The parts of a transmission that make up one transaction.
pub(super) struct Parts<'p, 'a, 't> {
    /// The transmission's own segments.
    pub(super) shared: &'p Group<'a, 't>,
    /// The transaction's segments.
    pub(super) group: &'p Group<'a, 't>,
    pub(super) claim: Option<&'p segments::Claim<'a>>,
    pub(super) common: &'p Common,
}

impl<'a> Parts<'_, 'a, '_> {
    /// E1.
    pub(super) fn inquiry(&self, collector: &mut Collector) -> Option<Inquiry> {
        let member = self.member(collector)?;
        let patient = self.patient().unwrap_or_default();
        collector.faults(&patient);
        Some(Inquiry {
            cardholder: member.cardholder?,
            group: member.group,
            person_code: member.person_code,
            birth: patient.date_of_birth.value().and_then(civil),
            sex: sex(&patient, collector),
            date: self.common.date_of_service,
        })
    }

    /// B2, which needs the claim segment alone.
    pub(super) fn reversal(&self, collector: &mut Collector) -> Option<Reversal> {
        let claim = self.claim_segment(collector)?;
        let is_ndc = claim.product_id_qualifier.value() == Some("03");
        let product = claim.product_id.value().filter(|_| is_ndc);
        let cardholder = self.insurance().and_then(|i| i.cardholder_id.value());
        Some(Reversal {
            pharmacy: self.common.pharmacy,
            ndc: collector.parsed(product, "407-D7", NDC, |id| id.parse().ok()),
            prescription: prescription(claim, collector)?,
            fill: claim.fill_number.value().and_then(|fill| u8::try_from(fill).ok()),
            date_of_service: self.common.date_of_service,
            cardholder: cardholder.and_then(|id| id.parse().ok()),
        })
    }

    /// B1 and B3. Reads every segment before giving up, so that all that is wrong is said.
    pub(super) fn claim(&self, collector: &mut Collector) -> Option<Claim> {
        let member = self.member(collector);
        let person = self.person(collector);
        let dispensed = self.claim_segment(collector).map(|claim| dispensed(claim, collector));
        let prescriber = self.prescriber(collector);
        let charges = self.charges(collector);
        let diagnoses = self.diagnoses(collector);
        let dur_overrides = self.dur_overrides(collector);
        let details = self.details(collector);
        let (member, person, dispensed) = (member?, person?, dispensed?);
        let charges = charges?;
        Some(Claim {
            key: BillingKey {
                pharmacy: self.common.pharmacy,
                prescription: dispensed.prescription?,
                fill: dispensed.fill?,
                date_of_service: self.common.date_of_service,
            },
            received: self.common.received,
            group: member.group,
            cardholder: member.cardholder?,
            person_code: member.person_code,
            birth: person.birth?,
            sex: person.sex,
            pregnant: person.pregnant,
            prescriber: prescriber?,
            drug: dispensed.drug?,
            daw: dispensed.daw?,
            compound: dispensed.compound,
            other_coverage: dispensed.other_coverage,
            usual_and_customary: charges.usual_and_customary,
            gross_amount_due: charges.gross_amount_due?,
            diagnoses,
            dur_overrides,
            details,
        })
    }

    fn insurance(&self) -> Option<segments::Insurance<'a>> {
        self.shared.read().or_else(|| self.group.read())
    }

    pub(super) fn patient(&self) -> Option<segments::Patient<'a>> {
        self.shared.read().or_else(|| self.group.read())
    }

    fn member(&self, collector: &mut Collector) -> Option<Member> {
        let Some(insurance) = self.insurance() else {
            let code = RejectCode::InvalidInsuranceSegment;
            collector.refuse(code, "insurance segment (04) is missing");
            return None;
        };
        collector.faults(&insurance);
        let cardholder = collector.required(insurance.cardholder_id, "302-C2");
        let group = insurance.group_id.value();
        let person = insurance.person_code.value();
        Some(Member {
            cardholder: collector.parsed(cardholder, "302-C2", ID, |id| id.parse().ok()),
            group: collector.parsed(group, "301-C1", ID, |id| id.parse().ok()),
            person_code: collector.parsed(person, "303-C3", ID, person_code),
        })
    }

    fn person(&self, collector: &mut Collector) -> Option<Person> {
        let Some(patient) = self.patient() else {
            let code = RejectCode::InvalidPatientSegment;
            collector.refuse(code, "patient segment (01) is missing");
            return None;
        };
        collector.faults(&patient);
        let birth = collector.required(patient.date_of_birth, "304-C4").and_then(civil);
        let pregnancy = patient.pregnancy_indicator.value();
        if !matches!(pregnancy, None | Some("1" | "2")) {
            collector.wrong("335-2C", "blank, 1 (not pregnant) or 2 (pregnant)");
        }
        Some(Person { birth, sex: sex(&patient, collector), pregnant: pregnancy == Some("2") })
    }

    fn claim_segment(&self, collector: &mut Collector) -> Option<&segments::Claim<'a>> {
        match self.claim {
            Some(claim) => collector.faults(claim),
            None => {
                let code = RejectCode::InvalidClaimSegment;
                collector.refuse(code, "claim segment (07) is missing");
            }
        }
        self.claim
    }

    fn prescriber(&self, collector: &mut Collector) -> Option<Npi> {
        let sent = self.group.read::<segments::Prescriber<'_>>().or_else(|| self.shared.read());
        let Some(prescriber) = sent else {
            let code = RejectCode::InvalidPrescriberSegment;
            collector.refuse(code, "prescriber segment (03) is missing");
            return None;
        };
        collector.faults(&prescriber);
        let qualifier = collector.required(prescriber.prescriber_id_qualifier, "466-EZ");
        if qualifier.is_some_and(|qualifier| qualifier != "01") {
            collector.wrong("466-EZ", "01, because prescribers are known by NPI");
        }
        let id = collector.required(prescriber.prescriber_id, "411-DB");
        collector.parsed(id, "411-DB", NPI, |id| id.parse().ok())
    }

    fn charges(&self, collector: &mut Collector) -> Option<Charges> {
        let Some(pricing) = self.group.read::<segments::Pricing<'_>>() else {
            let code = RejectCode::InvalidPricingSegment;
            collector.refuse(code, "pricing segment (11) is missing");
            return None;
        };
        collector.faults(&pricing);
        let charge = pricing.usual_and_customary_cents.value();
        let due = collector.required(pricing.gross_amount_due_cents, "430-DU");
        Some(Charges {
            usual_and_customary: positive(charge, "426-DQ", collector),
            gross_amount_due: positive(due, "430-DU", collector),
        })
    }

    fn diagnoses(&self, collector: &mut Collector) -> Vec<String> {
        let Some(clinical) = self.group.read::<segments::Clinical<'_>>() else {
            return Vec::new();
        };
        collector.faults(&clinical);
        // Only ICD-10-CM (02) is understood; another code list says nothing to the rules.
        let icd10 =
            (1..).zip(&clinical.diagnoses).filter(|(_, d)| d.qualifier.value() == Some("02"));
        let sent = icd10.filter_map(|(at, diagnosis)| Some((at, diagnosis.code.value()?)));
        let read = |(at, code): (u8, &str)| {
            let code = code.trim().replace('.', "").to_ascii_uppercase();
            let is_right = (3..=7).contains(&code.len()) && is_code(&code);
            if !is_right {
                collector.wrong_at("424-DO", at, "an ICD-10-CM code of 3 to 7 letters and digits");
            }
            is_right.then_some(code)
        };
        sent.filter_map(read).collect()
    }

    fn dur_overrides(&self, collector: &mut Collector) -> Vec<DurOverride> {
        let Some(dur) = self.group.read::<segments::DurPps<'_>>() else { return Vec::new() };
        collector.faults(&dur);
        let read = |(at, service): (u8, &segments::Service<'_>)| {
            let mut code = |field: Field<&str>, number| {
                let code = field.value()?.trim();
                if !is_code(code) {
                    collector.wrong_at(number, at, "letters and digits");
                }
                Some(code.to_owned())
            };
            let reason = code(service.reason_code, "439-E4");
            let done = code(service.professional_service_code, "440-E5");
            let result = code(service.result_code, "441-E6");
            Some(DurOverride { reason: reason?, service: done?, result: result? })
        };
        (1..).zip(&dur.services).filter_map(read).collect()
    }
}

/// True for a code of letters and digits: what a list of codes can hold.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What the insurance segment says.
struct Member {
    cardholder: Option<CardholderId>,
    group: Option<GroupId>,
    person_code: Option<PersonCode>,
}

/// What the patient segment says.
struct Person {
    birth: Option<Date>,
    sex: Option<Sex>,
    pregnant: bool,
}

/// What the claim segment says.
struct Dispensed {
    prescription: Option<PrescriptionNumber>,
    fill: Option<u8>,
    drug: Option<DrugUse>,
    daw: Option<u8>,
    compound: bool,
    other_coverage: Option<u8>,
}

/// What the pricing segment says.
struct Charges {
    usual_and_customary: Option<Cents>,
    gross_amount_due: Option<Cents>,
}

const ID: &str = "printable ASCII";
pub(super) const NDC: &str = "an NDC of 11 digits without hyphens";

/// Person codes are compared as two digits: `1` and `001` are `01`.
fn person_code(text: &str) -> Option<PersonCode> {
    match text.parse::<u16>() {
        Ok(number) => format!("{number:02}").parse().ok(),
        Err(_) => text.parse().ok(),
    }
}

fn sex(patient: &segments::Patient<'_>, collector: &mut Collector) -> Option<Sex> {
    match patient.gender.value() {
        None | Some(0) => None,
        Some(1) => Some(Sex::Male),
        Some(2) => Some(Sex::Female),
        Some(_) => {
            collector.wrong("305-C5", "0 (unknown), 1 (male) or 2 (female)");
            None
        }
    }
}

fn prescription(
    claim: &segments::Claim<'_>,
    collector: &mut Collector,
) -> Option<PrescriptionNumber> {
    let qualifier = claim.prescription_reference_number_qualifier;
    if collector.required(qualifier, "455-EM").is_some_and(|qualifier| qualifier != "1") {
        collector.wrong("455-EM", "1, a prescription");
    }
    let text = collector.required(claim.prescription_reference_number, "402-D2");
    collector.parsed(text, "402-D2", "a number above zero", number)
}

fn dispensed(claim: &segments::Claim<'_>, collector: &mut Collector) -> Dispensed {
    let compound = match claim.compound_code.value() {
        None | Some(0 | 1) => false,
        Some(2) => true,
        Some(_) => {
            collector.wrong("406-D6", "1 (not a compound) or 2 (compound)");
            false
        }
    };
    let fill = collector.required(claim.fill_number, "403-D3");
    let daw = collector.required(claim.dispense_as_written, "408-D8");
    let other_coverage = claim.other_coverage_code.value();
    Dispensed {
        prescription: prescription(claim, collector),
        fill: fill.and_then(|fill| u8::try_from(fill).ok()),
        drug: drug(claim, compound, collector),
        daw: collector.parsed(daw, "408-D8", "0 to 9", |daw| daw.parse().ok()),
        compound,
        other_coverage: other_coverage.and_then(|code| u8::try_from(code).ok()),
    }
}

fn drug(claim: &segments::Claim<'_>, compound: bool, collector: &mut Collector) -> Option<DrugUse> {
    let qualifier = collector.required(claim.product_id_qualifier, "436-E1");
    // A compound (00) names its products in the compound segment.
    let fits = |qualifier: &str| qualifier == "03" || (compound && qualifier == "00");
    if qualifier.is_some_and(|qualifier| !fits(qualifier)) {
        collector.wrong("436-E1", "03, an NDC");
    }
    let id = collector.required(claim.product_id, "407-D7");
    let ndc = if compound && qualifier == Some("00") {
        Some(Ndc::NONE)
    } else {
        collector.parsed(id, "407-D7", NDC, |id| id.parse().ok())
    };
    let quantity = collector.required(claim.quantity_dispensed, "442-E7");
    if quantity == Some(0) {
        collector.wrong("442-E7", "above zero");
    }
    let quantity = quantity.and_then(|thousandths| {
        Quantity::from_thousandths(u64::try_from(thousandths).ok()?).filter(|q| !q.is_zero())
    });
    let days = collector.required(claim.days_supply, "405-D5");
    if days == Some(0) {
        collector.wrong("405-D5", "at least 1");
    }
    let days = days.and_then(|days| u16::try_from(days).ok()).filter(|&days| days > 0);
    Some(DrugUse { ndc: ndc?, quantity: quantity?, days_supply: days? })
}

/// A charge of nothing or less is a mistake: taken at its word it would price the claim at zero.
fn positive(cents: Option<i64>, number: &str, collector: &mut Collector) -> Option<Cents> {
    if cents.is_some_and(|cents| cents <= 0) {
        collector.wrong(number, "above zero");
    }
    cents.filter(|&cents| cents > 0).map(Cents::new)
}
