//! The walk of a claim, from who it is for to what is paid. A refusal does not stop it: the
//! pharmacist hears of everything at once.

use openpbm_core::{
    Channel, Claim, Coverage, Date, DurAlert, GroupId, Member, Paid, PartD, PersonCode, RejectCode,
    Sex,
};

use crate::answer::{Answer, Status};
use crate::compound;
use crate::coordination;
use crate::household::{Fill, Household};
use crate::limits;
use crate::money;
use crate::partial::{self, Part};
use crate::placement::{Placement, place};
use crate::rules::{Drug, Group, Network, Plan, Prescribers, Rules, within};
use crate::transition;

/// What was refused so far, and what the pharmacist is told with it.
#[derive(Default)]
pub(crate) struct Refusals {
    pub(crate) codes: Vec<RejectCode>,
    pub(crate) next_fill: Option<Date>,
    pub(crate) alerts: Vec<DurAlert>,
    /// What the pharmacist may override, by which clarification.
    overridable: Vec<(RejectCode, u16)>,
    /// The first clarification that let a refusal pass.
    pub(crate) clarification: Option<u16>,
    /// The first code that a transition supply let pass.
    pub(crate) passed: Option<RejectCode>,
}

impl Refusals {
    /// Notes a refusal; false if a clarification lets it pass.
    pub(crate) fn add(&mut self, code: RejectCode) -> bool {
        let passed = self.overridable.iter().find(|(known, _)| *known == code);
        match passed {
            Some((_, clarification)) => {
                self.clarification.get_or_insert(*clarification);
            }
            None => self.codes.push(code),
        }
        passed.is_none()
    }

    /// The first five, each said once, in order of precedence.
    pub(crate) fn answer(mut self) -> Answer {
        self.codes.sort();
        self.codes.dedup();
        self.codes.truncate(5);
        Answer {
            status: Status::Rejected,
            rejects: self.codes,
            paid: None,
            part_d: None,
            next_fill: self.next_fill,
            alerts: self.alerts,
            fills: Vec::new(),
        }
    }
}

/// Who somebody says they are, and on which day.
pub(crate) struct Identity {
    pub(crate) person_code: Option<PersonCode>,
    pub(crate) birth: Date,
    pub(crate) sex: Option<Sex>,
    pub(crate) group: Option<GroupId>,
    pub(crate) day: Date,
    pub(crate) received: Date,
    pub(crate) member_submitted: bool,
}

impl Identity {
    fn of(claim: &Claim) -> Self {
        let Claim { person_code, birth, sex, group, received, .. } = *claim;
        let member_submitted = claim.details.member_submitted;
        let day = claim.key.date_of_service;
        Self { person_code, birth, sex, group, day, received, member_submitted }
    }

    /// Whoever a fill was for, whatever the card said of them. The group that paid stays as long
    /// as it covers them; otherwise whichever does pays.
    fn again(household: &Household, fill: &Fill) -> Self {
        let (person, day) = (fill.paid.person, fill.date());
        let member = household.members.iter().find(|member| member.person_code == person);
        let covers = |c: &Coverage| c.group == fill.paid.group && within(c.from, c.to, day);
        let stays = member.is_some_and(|member| member.coverage.iter().any(covers));
        Self {
            person_code: Some(person),
            birth: member.map_or(fill.claim.birth, |member| member.birth),
            sex: None,
            group: stays.then_some(fill.paid.group),
            day,
            received: day,
            member_submitted: fill.claim.details.member_submitted,
        }
    }
}

/// Who is covered, and how.
pub(crate) struct Covered<'a> {
    pub(crate) member: &'a Member,
    pub(crate) coverage: &'a Coverage,
    pub(crate) plan: &'a Plan,
    pub(crate) group: &'a Group,
}

impl Covered<'_> {
    /// True if what was paid under a group counts here.
    pub(crate) fn counts(&self, group: GroupId) -> bool {
        group == self.coverage.group || self.group.continues.contains(&group)
    }
}

/// Everything that is known of a claim when its limits and amounts are looked at.
pub(crate) struct Situation<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) household: &'a Household,
    pub(crate) claim: &'a Claim,
    pub(crate) day: Date,
    pub(crate) covered: Covered<'a>,
    pub(crate) drug: &'a Drug,
    /// The ingredients of a compound that are paid for, with thousandths of units.
    pub(crate) mixture: Vec<(&'a Drug, u64)>,
    pub(crate) formulary: &'a crate::rules::Formulary,
    pub(crate) placement: Placement<'a>,
    pub(crate) age: i32,
    pub(crate) pregnant: bool,
    pub(crate) channel: Option<Channel>,
    pub(crate) network: Option<&'a Network>,
    /// What was paid before, if the claim is decided again.
    pub(crate) dispensed: Option<&'a Fill>,
    /// Which part of a fill it is, if it is not all of it.
    pub(crate) part: Option<Part<'a>>,
    pub(crate) emergency: bool,
    pub(crate) recover: bool,
    pub(crate) passed: Option<RejectCode>,
}

/// Decides a claim.
pub(crate) fn adjudicate(rules: &Rules, household: &Household, claim: &Claim) -> Answer {
    let mut refusals = Refusals::default();
    let paid = walk(rules, household, (claim, None), &mut refusals);
    answer(paid, refusals)
}

/// Decides a claim again that was paid. What is asked before a drug is dispensed is not asked
/// again, and the pharmacy keeps its price.
pub(crate) fn again(rules: &Rules, household: &Household, fill: &Fill) -> Answer {
    let mut refusals = Refusals::default();
    let paid = walk(rules, household, (&fill.claim, Some(fill)), &mut refusals);
    answer(paid, refusals)
}

fn answer(paid: Option<(Paid, Option<Box<PartD>>)>, refusals: Refusals) -> Answer {
    match paid {
        Some((paid, part_d)) if refusals.codes.is_empty() => Answer::paid(paid, part_d),
        _ => refusals.answer(),
    }
}

fn walk(
    rules: &Rules,
    household: &Household,
    (claim, dispensed): (&Claim, Option<&Fill>),
    refusals: &mut Refusals,
) -> Option<(Paid, Option<Box<PartD>>)> {
    let day = claim.key.date_of_service;
    if day > claim.received {
        refusals.add(RejectCode::PostDated);
    }
    let identity =
        dispensed.map_or_else(|| Identity::of(claim), |fill| Identity::again(household, fill));
    let covered = cover(rules, household, &identity, refusals);
    let plan = covered.as_ref().map(|covered| covered.plan);
    let (channel, network) = pharmacy(rules, claim, plan, refusals);
    prescriber(rules, claim, plan, refusals);
    // A compound is known by its ingredients.
    let drug = if claim.compound { None } else { Some(product(rules, claim, refusals)) };
    let covered = covered?;
    let in_force = |f: &&crate::rules::Formulary| {
        f.id == covered.plan.formulary && within(f.from.0, f.to.map(|to| to.0), day)
    };
    let formulary = rules.formularies.iter().find(in_force);
    let mixed = match drug {
        Some(drug) => drug.map(|_| (claim.clone(), Vec::new())),
        None => network.zip(formulary).and_then(|terms| {
            compound::decide(rules, (claim, dispensed), &covered, terms, refusals)
        }),
    };
    if dispensed.is_none() {
        let of_product = mixed.as_ref().map(|_| claim);
        let refusal = |claim| partial::refusal(rules, household, claim, &covered);
        if let Some(code) = of_product.and_then(refusal) {
            refusals.add(code);
            return None;
        }
        coordination::code(claim, covered.plan, refusals);
    }
    if formulary.is_none() {
        refusals.add(RejectCode::NotOnFormulary);
    }
    let ((claim, mixture), formulary) = mixed.zip(formulary)?;
    let (claim, drug) = (&claim, rules.drug(claim.drug.ndc)?);
    let (member, part) = (covered.member, Part::of(household, claim));
    let before = dispensed.or(part.as_ref().and_then(|part| part.first));
    let mut situation = Situation {
        rules,
        household,
        claim,
        day,
        drug,
        mixture,
        formulary,
        placement: place(rules, formulary, drug),
        age: age_on(member.birth, day),
        pregnant: claim.pregnant || member.pregnant_until.is_some_and(|until| day <= until),
        channel,
        network,
        covered,
        dispensed,
        part,
        emergency: before.is_some_and(|fill| fill.paid.emergency_supply),
        recover: false,
        passed: None,
    };
    conditions(&mut situation, refusals);
    // What is refused already is not priced.
    if refusals.codes.is_empty() { money::pay(&situation, refusals) } else { None }
}

/// Everything that a claim must meet before it is priced; what is asked before a drug is dispensed
/// is not asked of one that was, nor of the rest of it.
fn conditions(situation: &mut Situation<'_>, refusals: &mut Refusals) {
    refusals.overridable = limits::overridable(situation);
    refusals.clarification = situation.dispensed.and_then(|fill| fill.paid.design.clarification);
    if situation.dispensed.is_none() {
        limits::duplicate(situation, refusals);
    }
    let transition = situation.covered.plan.part_d.as_ref().and_then(|d| d.transition.as_ref());
    if let (Some(fill), Some(_)) = (situation.decided_before(), transition) {
        refusals.passed = fill.part_d.as_ref().and_then(|part_d| part_d.passed);
    }
    if !limits::formulary(situation, refusals) {
        // What is not covered has no further conditions, nor what is supplied all the same.
        let tier = transition.filter(|_| refusals.passed.is_some()).map(|rule| rule.tier);
        situation.placement = Placement { tier, ..Placement::default() };
    }
    limits::supply(situation, refusals);
    if situation.is_asked() {
        let lacking = limits::lacking(situation);
        situation.emergency = !lacking.is_empty() && limits::is_emergency(situation);
        if !situation.emergency {
            for (lack, code) in lacking {
                if !transition::passes(situation, lack, code, refusals) {
                    refusals.add(code);
                }
            }
        }
        limits::before_dispensing(situation, refusals);
    }
    situation.recover = coordination::turn(situation, refusals);
    situation.passed = refusals.passed;
}

/// Full years.
fn age_on(birth: Date, day: Date) -> i32 {
    let ((year, month, of_month), (born, birth_month, birth_day)) = (day.ymd(), birth.ymd());
    let had_birthday = (month, of_month) >= (birth_month, birth_day);
    year - born - i32::from(!had_birthday)
}

/// Who a claim is for: named by person code, or else by birth date and sex if they name one.
fn identify<'a>(household: &'a Household, claim: &Identity) -> Result<&'a Member, RejectCode> {
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
pub(crate) fn cover<'a>(
    rules: &'a Rules,
    household: &'a Household,
    claim: &Identity,
    refusals: &mut Refusals,
) -> Option<Covered<'a>> {
    let day = claim.day;
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
        refusals.add(match to_come.map(|g| g.from.0).min() {
            None => RejectCode::UnknownGroup,
            Some(first) if day < first => RejectCode::BeforeCoverage,
            Some(_) => RejectCode::CoverageExpired,
        });
        return None;
    };
    let by_member = claim.member_submitted.then_some(plan.reimbursement.as_ref());
    let accepted_for = match by_member {
        Some(Some(rule)) => rule.claims_accepted_for,
        Some(None) => {
            refusals.add(RejectCode::InvalidAssignment);
            plan.claims_accepted_for
        }
        None => plan.claims_accepted_for,
    };
    if claim.received.days_since(day) > accepted_for {
        refusals.add(RejectCode::TooOld);
    }
    Some(Covered { member, coverage, plan, group: group? })
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
    let terms = |id: &String| {
        let mut networks = rules.networks.iter().filter(|network| network.id == *id);
        networks.find(|network| within(network.from.0, network.to.map(|to| to.0), day))
    };
    let network = plan.networks.iter().find_map(|id| {
        rows()
            .filter(|row| row.network.as_ref() == Some(id))
            .find(|row| row.from.is_some_and(|from| within(from, row.to, day)))?;
        terms(id)
    });
    if network.is_none()
        && let Some(terms) = plan.out_of_network.as_ref().and_then(terms)
    {
        return (Some(Channel::OutOfNetwork), Some(terms));
    }
    // A member who paid elsewhere is paid by other terms.
    let by_member = plan.reimbursement.as_ref().filter(|_| claim.details.member_submitted);
    let network = network.or_else(|| terms(by_member?.network.as_ref()?));
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
