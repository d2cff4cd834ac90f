//! Is this person covered by this group on this day, and is the claim in time?

use openpbm_book::{Book, Dated, Group, Plan};
use openpbm_core::{
    Coverage, Date, Family, Fill, Finding, GroupId, Member, PersonCode, RefusalReason, RejectCode,
    Sex, Shared, Stage,
};

use crate::case::Case;

/// A member with the plan that applies to the claim.
pub(crate) struct Covered<'a> {
    pub(crate) member: &'a Member,
    pub(crate) group: &'a Group,
    pub(crate) plan: &'a Plan,
    /// First day of the period in which amounts add up.
    pub(crate) plan_year: Date,
}

/// The first day of the period in which amounts of a family add up, that holds a day.
fn period(plan: &Plan, group: &Group, family: &Family, day: Date) -> Date {
    let spans = family.members.iter().flat_map(|member| &member.coverage);
    let began = spans.filter(|span| group.counts(span.group)).map(|span| span.from).min();
    let begins = plan.period_of(day, began.unwrap_or(day));
    group.reset_since(begins, day).unwrap_or(begins)
}

impl Covered<'_> {
    /// True if a day is in the period in which the claim's amounts add up.
    pub(crate) fn is_of_period(&self, family: &Family, day: Date) -> bool {
        period(self.plan, self.group, family, day) == self.plan_year
    }

    pub(crate) const fn person(&self) -> PersonCode {
        self.member.person_code
    }
}

/// What names a person in a request.
pub(crate) struct Identity {
    pub(crate) person_code: Option<PersonCode>,
    pub(crate) birth: Option<Date>,
    pub(crate) sex: Option<Sex>,
    pub(crate) group: Option<GroupId>,
    pub(crate) date: Date,
}

/// Reasons for refusal.
pub(crate) type Refusals = Vec<RefusalReason>;

pub(crate) fn check<'a>(case: &mut Case<'a>) -> Option<Covered<'a>> {
    let claim = case.claim;
    let identity = match case.dispensed {
        Some(fill) => whom(case.family, fill),
        None => Identity {
            person_code: claim.person_code,
            birth: Some(claim.birth),
            sex: claim.sex,
            group: claim.group,
            date: case.date(),
        },
    };
    let found = identify(case.book, case.family, &identity);
    if case.date() > claim.received {
        let message = format!("date of service is after {}, the day of receipt", claim.received);
        case.refuse(Stage::Eligibility, RejectCode::PostDated, message, None);
    }
    let (covered, coverage) = match found {
        Ok(found) => found,
        Err(refusals) => {
            for reason in refusals {
                case.refuse(Stage::Eligibility, reason.code, reason.message, None);
            }
            return None;
        }
    };
    let finding =
        Finding::Covered { person: covered.person(), group: coverage.group, from: coverage.from };
    case.note(Stage::Eligibility, finding, covered.group.source);
    case.plan = Some(covered.plan);
    check_submitter(case, covered.plan);
    if case.dispensed.is_none() {
        check_age_of_claim(case, covered.plan);
    }
    Some(covered)
}

/// A claim that the member submits is paid to the member, where the plan pays members.
fn check_submitter(case: &mut Case<'_>, plan: &Plan) {
    if !case.claim.details.member_submitted {
        return;
    }
    if let Some(rule) = plan.reimbursement {
        case.note(Stage::Eligibility, Finding::Shared(Shared::ToMember), rule.source);
    } else {
        let message = "the plan pays pharmacies alone, not members who submit a claim (391-MT N)";
        case.refuse(Stage::Eligibility, RejectCode::InvalidAssignment, message, plan.source);
    }
}

/// Whom a fill was for: what the card said then may have been put right since. The group is the
/// one that paid, as long as the person is covered in it.
fn whom(family: &Family, fill: &Fill) -> Identity {
    let (person, group, date) = (fill.paid.person, fill.paid.group, fill.key.date_of_service);
    let member = family.members.iter().find(|member| member.person_code == person);
    let stays = member.is_some_and(|member| {
        member.coverage.iter().any(|span| span.group == group && span.holds(date))
    });
    Identity {
        person_code: Some(person),
        birth: None,
        sex: None,
        group: stays.then_some(group),
        date,
    }
}

/// Claims are accepted for a number of days after the date of service.
fn check_age_of_claim(case: &mut Case<'_>, plan: &Plan) {
    let by_member = plan.reimbursement.filter(|_| case.claim.details.member_submitted);
    let (days, source) = by_member
        .map_or((plan.accepted_for.value, plan.accepted_for.source), |rule| {
            (rule.accepted_for, rule.source)
        });
    if case.claim.received.days_since(case.date()) > i64::from(days) {
        let message = format!("claims are accepted for {days} days after the date of service");
        case.refuse(Stage::Eligibility, RejectCode::TooOld, message, source);
    }
}

/// Finds the person and the coverage that a request means.
pub(crate) fn identify<'a>(
    book: &'a Book,
    family: &'a Family,
    identity: &Identity,
) -> Result<(Covered<'a>, &'a Coverage), Refusals> {
    let contract = match identity.group {
        Some(id) => Some(book.group(id).ok_or_else(|| unknown_group(id))?),
        None => None,
    };
    let member = person(family, identity)?;
    let coverage = coverage(member, identity)?;
    let contract = match contract.or_else(|| book.group(coverage.group)) {
        Some(contract) => contract,
        None => return Err(unknown_group(coverage.group)),
    };
    let group = in_force(contract, identity.date)?;
    let plan = book.plan(group, identity.date).ok_or_else(|| {
        refusal(RejectCode::CoverageExpired, "the group's plan has no benefit on this day")
    })?;
    let plan_year = period(plan, group, family, identity.date);
    Ok((Covered { member, group, plan, plan_year }, coverage))
}

/// The plan of a group on a day, and the first day of the period that holds the day, in which a
/// family's amounts add up; `None` where the group has no benefit.
pub fn plan_on<'b>(
    book: &'b Book,
    family: &Family,
    group: GroupId,
    day: Date,
) -> Option<(&'b Plan, Date)> {
    let group = book.group(group)?.on(day)?;
    let plan = book.plan(group, day)?;
    Some((plan, period(plan, group, family, day)))
}

fn refusal(code: RejectCode, message: impl Into<String>) -> Refusals {
    vec![RefusalReason::new(code, message)]
}

fn unknown_group(id: GroupId) -> Refusals {
    refusal(RejectCode::UnknownGroup, format!("group {id} is not served here; check the card"))
}

/// The person by person code, or, without one, by birth date and sex. A birth date or sex that
/// is not the member's is a likely mix-up of patients, so it refuses the claim.
fn person<'a>(family: &'a Family, identity: &Identity) -> Result<&'a Member, Refusals> {
    if family.members.is_empty() {
        return Err(refusal(
            RejectCode::UnknownCardholder,
            "no such cardholder id; check the card",
        ));
    }
    let Some(code) = identity.person_code else {
        return by_birth(family, identity);
    };
    let member = family.members.iter().find(|m| m.person_code == code).ok_or_else(|| {
        refusal(RejectCode::UnknownPersonCode, "nobody on this card has this person code")
    })?;
    let mut wrong = Vec::new();
    if identity.birth.is_some_and(|birth| birth != member.birth) {
        let message = "birth date is not that of the member; check patient and person code";
        wrong.push(RefusalReason::new(RejectCode::InvalidBirthDate, message));
    }
    if identity.sex.is_some() && member.sex.is_some() && identity.sex != member.sex {
        let message = "gender code is not that of the member; check patient and person code";
        wrong.push(RefusalReason::new(RejectCode::InvalidSex, message));
    }
    if wrong.is_empty() { Ok(member) } else { Err(wrong) }
}

fn by_birth<'a>(family: &'a Family, identity: &Identity) -> Result<&'a Member, Refusals> {
    let fits = |member: &&Member| {
        identity.birth.is_none_or(|birth| birth == member.birth)
            && (identity.sex.is_none() || member.sex.is_none() || identity.sex == member.sex)
    };
    let mut fitting = family.members.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(member), None) => Ok(member),
        (Some(_), Some(_)) => Err(refusal(
            RejectCode::UnknownPersonCode,
            "several persons on this card fit; send the person code (303-C3)",
        )),
        (None, _) => Err(refusal(
            RejectCode::InvalidBirthDate,
            "nobody on this card has this birth date and gender code",
        )),
    }
}

/// The span of coverage that holds the day, in the group that was sent if one was.
fn coverage<'a>(member: &'a Member, identity: &Identity) -> Result<&'a Coverage, Refusals> {
    let date = identity.date;
    let asked = |c: &&Coverage| identity.group.is_none_or(|group| group == c.group);
    if let Some(span) = member.coverage.iter().filter(asked).find(|c| c.holds(date)) {
        return Ok(span);
    }
    let mut spans = member.coverage.iter().filter(asked).peekable();
    if spans.peek().is_none() {
        return Err(refusal(RejectCode::NotCovered, "the member has no coverage in this group"));
    }
    let began_before = member.coverage.iter().filter(asked).any(|c| c.from <= date);
    let begins_after = spans.filter(|c| c.from > date).map(|c| c.from).min();
    Err(match (began_before, begins_after) {
        (false, Some(from)) => {
            refusal(RejectCode::BeforeCoverage, format!("coverage begins on {from}"))
        }
        (true, Some(from)) => refusal(
            RejectCode::NotCovered,
            format!("not covered on the date of service; coverage begins again on {from}"),
        ),
        _ => {
            let ended = member.coverage.iter().filter(asked).filter_map(|c| c.to).max();
            let day = ended.map_or_else(String::new, |day| format!(" on {day}"));
            refusal(RejectCode::CoverageTerminated, format!("coverage ended{day}"))
        }
    })
}

/// The group's contract on the day.
fn in_force(contract: &Dated<Group>, date: Date) -> Result<&Group, Refusals> {
    contract.on(date).ok_or_else(|| match (contract.first_day(), contract.last_day()) {
        (Some(first), _) if date < first => {
            refusal(RejectCode::BeforeCoverage, format!("the group's coverage begins on {first}"))
        }
        (_, Some(last)) if date > last => {
            refusal(RejectCode::CoverageExpired, format!("the group's coverage expired on {last}"))
        }
        _ => refusal(RejectCode::CoverageExpired, "the group has no coverage on this day"),
    })
}
