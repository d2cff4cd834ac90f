//! The walk of a claim, from who it is for to what is paid. A refusal does not stop it: the
//! pharmacist hears of everything at once.

use openpbm_core::{Channel, Claim, Coverage, Date, DurAlert, Member, Paid, RejectCode};

use crate::answer::{Answer, Status};
use crate::household::Household;
use crate::limits;
use crate::money;
use crate::placement::{Placement, place};
use crate::rules::{Drug, Network, Plan, Prescribers, Rules, within};

/// What was refused so far, and what the pharmacist is told with it.
#[derive(Default)]
pub(crate) struct Refusals {
    codes: Vec<RejectCode>,
    pub(crate) next_fill: Option<Date>,
    pub(crate) alerts: Vec<DurAlert>,
}

impl Refusals {
    pub(crate) fn add(&mut self, code: RejectCode) {
        self.codes.push(code);
    }

    /// The first five, each said once, in order of precedence.
    fn answer(mut self) -> Answer {
        self.codes.sort();
        self.codes.dedup();
        self.codes.truncate(5);
        Answer {
            status: Status::Rejected,
            rejects: self.codes,
            paid: None,
            next_fill: self.next_fill,
            alerts: self.alerts,
        }
    }
}

/// Who is covered, and how.
pub(crate) struct Covered<'a> {
    pub(crate) member: &'a Member,
    pub(crate) coverage: &'a Coverage,
    pub(crate) plan: &'a Plan,
}

/// Everything that is known of a claim when its limits and amounts are looked at.
pub(crate) struct Situation<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) household: &'a Household,
    pub(crate) claim: &'a Claim,
    pub(crate) day: Date,
    pub(crate) covered: Covered<'a>,
    pub(crate) drug: &'a Drug,
    pub(crate) formulary: &'a crate::rules::Formulary,
    pub(crate) placement: Placement<'a>,
    pub(crate) age: i32,
    pub(crate) pregnant: bool,
    pub(crate) channel: Option<Channel>,
    pub(crate) network: Option<&'a Network>,
}

/// Decides a claim.
pub(crate) fn adjudicate(rules: &Rules, household: &Household, claim: &Claim) -> Answer {
    let mut refusals = Refusals::default();
    let paid = walk(rules, household, claim, &mut refusals);
    // Another payer comes first, and no plan coordinates benefits yet.
    if matches!(claim.other_coverage, Some(2..)) {
        refusals.add(RejectCode::InvalidOtherCoverage);
    }
    match paid {
        Some(paid) if refusals.codes.is_empty() => Answer::paid(paid),
        _ => refusals.answer(),
    }
}

fn walk(
    rules: &Rules,
    household: &Household,
    claim: &Claim,
    refusals: &mut Refusals,
) -> Option<Paid> {
    let day = claim.key.date_of_service;
    if day > claim.received {
        refusals.add(RejectCode::PostDated);
    }
    let covered = cover(rules, household, claim, refusals);
    let plan = covered.as_ref().map(|covered| covered.plan);
    let (channel, network) = pharmacy(rules, claim, plan, refusals);
    prescriber(rules, claim, plan, refusals);
    let drug = product(rules, claim, refusals);
    let (covered, drug) = (covered?, drug?);
    let in_force = |f: &&crate::rules::Formulary| {
        f.id == covered.plan.formulary && within(f.from.0, f.to.map(|to| to.0), day)
    };
    let Some(formulary) = rules.formularies.iter().find(in_force) else {
        refusals.add(RejectCode::NotOnFormulary);
        return None;
    };
    let member = covered.member;
    let mut situation = Situation {
        rules,
        household,
        claim,
        day,
        drug,
        formulary,
        placement: place(rules, formulary, drug),
        age: age_on(member.birth, day),
        pregnant: claim.pregnant || member.pregnant_until.is_some_and(|until| day <= until),
        channel,
        network,
        covered,
    };
    limits::duplicate(&situation, refusals);
    if !limits::formulary(&situation, refusals) {
        // What is not covered has no further conditions.
        situation.placement = Placement::default();
    }
    limits::supply(&situation, refusals);
    limits::refill(&situation, refusals);
    limits::quantity(&situation, refusals);
    limits::first_fill(&situation, refusals);
    limits::review(&situation, refusals);
    limits::authorization(&situation, refusals);
    limits::step(&situation, refusals);
    limits::opioids(&situation, refusals);
    // What is refused already is not priced.
    if refusals.codes.is_empty() { money::pay(&situation, refusals) } else { None }
}

/// Full years.
fn age_on(birth: Date, day: Date) -> i32 {
    let ((year, month, of_month), (born, birth_month, birth_day)) = (day.ymd(), birth.ymd());
    let had_birthday = (month, of_month) >= (birth_month, birth_day);
    year - born - i32::from(!had_birthday)
}

/// Who a claim is for: named by person code, or else by birth date and sex if they name one.
pub(crate) fn identify<'a>(
    household: &'a Household,
    claim: &Claim,
) -> Result<&'a Member, RejectCode> {
    if household.members.is_empty() {
        return Err(RejectCode::UnknownCardholder);
    }
    let sex_differs =
        |member: &Member| matches!((member.sex, claim.sex), (Some(a), Some(b)) if a != b);
    let named = |member: &&Member| claim.person_code.is_none_or(|code| code == member.person_code);
    let mut meant: Vec<_> = household.members.iter().filter(named).collect();
    if meant.is_empty() {
        return Err(RejectCode::UnknownPersonCode);
    }
    meant.retain(|member| member.birth == claim.birth);
    if meant.is_empty() {
        return Err(RejectCode::InvalidBirthDate);
    }
    meant.retain(|member| !sex_differs(member));
    match meant.as_slice() {
        [] => Err(RejectCode::InvalidSex),
        [member] => Ok(member),
        _ => Err(RejectCode::UnknownPersonCode),
    }
}

/// Who is covered by which plan on the day.
fn cover<'a>(
    rules: &'a Rules,
    household: &'a Household,
    claim: &Claim,
    refusals: &mut Refusals,
) -> Option<Covered<'a>> {
    let day = claim.key.date_of_service;
    let group_is_known =
        claim.group.is_none_or(|group| rules.groups.iter().any(|known| known.id == group));
    if !group_is_known {
        refusals.add(RejectCode::UnknownGroup);
    }
    let member = identify(household, claim).map_err(|code| refusals.add(code)).ok()?;
    if !group_is_known {
        return None;
    }
    let spans = || member.coverage.iter().filter(|c| claim.group.is_none_or(|g| g == c.group));
    let Some(coverage) = spans().find(|c| within(c.from, c.to, day)) else {
        refusals.add(if spans().next().is_none() {
            RejectCode::NotCovered
        } else if spans().all(|c| day < c.from) {
            RejectCode::BeforeCoverage
        } else if spans().all(|c| c.from < day) {
            RejectCode::CoverageTerminated
        } else {
            RejectCode::NotCovered
        });
        return None;
    };
    let mut groups = rules.groups.iter().filter(|g| g.id == coverage.group);
    let group = groups.find(|g| within(g.from.0, g.to.map(|to| to.0), day));
    let plan = group.and_then(|group| {
        let mut plans = rules.plans.iter().filter(|p| p.id == group.plan);
        plans.find(|p| within(p.from.0, p.to.map(|to| to.0), day))
    });
    let Some(plan) = plan else {
        let to_come = rules.groups.iter().filter(|g| g.id == coverage.group);
        let is_early = to_come.map(|g| g.from.0).min().is_some_and(|first| day < first);
        refusals.add(match is_early {
            true => RejectCode::BeforeCoverage,
            false => RejectCode::CoverageExpired,
        });
        return None;
    };
    if claim.received.days_since(day) > plan.claims_accepted_for {
        refusals.add(RejectCode::TooOld);
    }
    Some(Covered { member, coverage, plan })
}

/// How the pharmacy dispenses, and the first of the plan's networks that it has a contract in.
fn pharmacy<'a>(
    rules: &'a Rules,
    claim: &Claim,
    plan: Option<&Plan>,
    refusals: &mut Refusals,
) -> (Option<Channel>, Option<&'a Network>) {
    let day = claim.key.date_of_service;
    let rows = || rules.pharmacies.iter().filter(|row| row.npi == claim.key.pharmacy);
    let Some(channel) = rows().map(|row| row.channel).next() else {
        refusals.add(RejectCode::UnknownPharmacy);
        return (None, None);
    };
    let Some(plan) = plan else { return (Some(channel), None) };
    let network = plan.networks.iter().find_map(|id| {
        rows()
            .filter(|row| row.network.as_ref() == Some(id))
            .find(|row| row.from.is_some_and(|from| within(from, row.to, day)))?;
        let mut networks = rules.networks.iter().filter(|network| network.id == *id);
        networks.find(|network| within(network.from.0, network.to.map(|to| to.0), day))
    });
    if network.is_none() {
        refusals.add(RejectCode::PharmacyNotContracted);
    }
    (Some(channel), network)
}

fn prescriber(rules: &Rules, claim: &Claim, plan: Option<&Plan>, refusals: &mut Refusals) {
    let day = claim.key.date_of_service;
    let row = rules.prescribers.iter().find(|row| row.npi == claim.prescriber);
    let must_be_listed = plan.is_some_and(|plan| plan.prescribers == Prescribers::Listed);
    if row.is_none() && must_be_listed {
        refusals.add(RejectCode::UnknownPrescriber);
    }
    let sanction = row.and_then(|row| Some((row.sanctioned_from?, row.sanctioned_to)));
    if sanction.is_some_and(|(from, to)| within(from, to, day)) {
        refusals.add(RejectCode::PrescriberNotCovered);
    }
}

fn product<'a>(rules: &'a Rules, claim: &Claim, refusals: &mut Refusals) -> Option<&'a Drug> {
    let Some(drug) = rules.drug(claim.drug.ndc) else {
        refusals.add(RejectCode::UnknownProduct);
        return None;
    };
    if drug.discontinued.is_some_and(|last| last < claim.key.date_of_service) {
        refusals.add(RejectCode::DiscontinuedProduct);
    }
    Some(drug)
}
