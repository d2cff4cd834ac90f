//! The page: of each design its sentence, its lines and its claims, with who pays what and why.

use openpbm_book::Book;
use openpbm_core::{Adjudication, Cents, Finding, Paid, Stage, Step};
use openpbm_engine::transaction::Answer as Given;

use super::billing::Billing;
use super::{Chapter, Design, excerpt, words};
use crate::play::play;
use crate::tables::notation::{Answer, Asks, Row, parse};

const HEAD: &str = "# Benefits\n\nWritten by the tests of the engine, which decide these claims \
                    and compare the amounts\nwith those that were reckoned by hand \
                    (`crates/engine/tests/designs`). After a change:\n`OPENPBM_WRITE_DOCS=1 cargo \
                    test --package openpbm-engine`.\n\nOf each design the page has what a book \
                    says of it ([every key](../reference/book.md)), and claims\nwith who pays \
                    what and why. The book around the excerpts asks for 20% of everything; its \
                    prices are\ninvented, and so are the members. [Decisions](decisions.md) has \
                    the rules in general.\n";

pub(super) fn of(chapters: &[Chapter]) -> String {
    let mut page = HEAD.to_owned();
    for chapter in chapters {
        let link = |design: &Design| format!("[{}](#{})", design.title, anchor(&design.title));
        let links: Vec<_> = chapter.designs.iter().map(link).collect();
        page.push_str(&format!("\n- {}: {}", chapter.title, links.join(", ")));
    }
    page.push('\n');
    for chapter in chapters {
        page.push_str(&format!("\n## {}\n", chapter.title));
        chapter.designs.iter().for_each(|design| page.push_str(&section(design)));
    }
    page
}

/// What GitHub makes of a heading.
fn anchor(title: &str) -> String {
    let kept = title.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect()
}

fn section(design: &Design) -> String {
    let book = design.book();
    let mut text = format!("\n### {}\n\n{}\n", design.title, design.says.trim());
    for (document, lines) in &design.excerpts {
        let (folder, _) = document.split_once('/').unwrap_or((document, ""));
        let kind = folder.trim_end_matches(".toml").trim_end_matches('s');
        let kind = kind.replace("formularie", "formulary");
        text.push_str(&format!("\n```toml\n# in the {kind}\n{}\n```\n", lines.trim()));
    }
    let rows = parse(&design.claims);
    for row in &rows {
        let billed = match row.asks {
            Asks::Claim(billed) => billed,
            Asks::Medical { member, as_of } => {
                text.push_str(&format!("\n{}\n", words::medical(row, member, as_of)));
                continue;
            }
            _ => panic!("{}: {row:?}", design.title),
        };
        let Given::Decided { adjudication, .. } = play(&book, &rows, row) else {
            panic!("{}: {row:?} is not decided", design.title)
        };
        let claim = words::claim(row, &billed, product(&adjudication));
        text.push_str(&format!("\n{claim}: {}\n", outcome(&adjudication)));
        let steps = steps(design, &book, &adjudication) + &year(row);
        if !steps.is_empty() {
            text.push_str(&format!("\n{steps}"));
        }
    }
    text.extend(design.billing.iter().map(Billing::page));
    text
}

/// The product's name, where the claim is for one.
fn product(adjudication: &Adjudication) -> Option<&str> {
    adjudication.steps.iter().find_map(|step| match &step.finding {
        Finding::Product { name, .. } => Some(&**name),
        _ => None,
    })
}

/// `**$600.00 = patient $360.00 + plan $240.00**`, or what it is refused with.
fn outcome(adjudication: &Adjudication) -> String {
    let Some(paid) = adjudication.paid() else {
        let reasons = adjudication.rejections();
        let said: Vec<_> =
            reasons.iter().map(|r| format!("**{}** ({})", r.code, r.message)).collect();
        return format!("refused with {}", said.join(", "));
    };
    let payers = payers(adjudication, paid);
    let sum = Cents::sum(payers.iter().map(|(_, amount)| *amount)).unwrap();
    assert_eq!(sum, paid.price().unwrap(), "somebody who pays is missing: {payers:?}");
    let parts: Vec<_> = payers
        .into_iter()
        .filter(|(who, amount)| *who == "patient" || *amount != Cents::ZERO)
        .map(|(who, amount)| format!("{who} ${amount}"))
        .collect();
    let mut text = format!("**${} = {}**", paid.price().unwrap(), parts.join(" + "));
    if paid.coordination.coupon > Cents::ZERO {
        let pays = paid.coordination.coupon;
        text.push_str(&format!("; a coupon pays ${pays} of the patient's"));
    }
    if paid.coordination.to_member {
        text.push_str("; the plan's part goes to the member");
    }
    if paid.bought_340b {
        text.push_str("; marked 340B");
    }
    text
}

/// Who pays how much of the price.
fn payers(adjudication: &Adjudication, paid: &Paid) -> Vec<(&'static str, Cents)> {
    let patient = paid.patient_pay().unwrap();
    let Some(d) = adjudication.part_d.as_deref() else {
        let others = paid.coordination.other_payers;
        return vec![
            ("patient", patient),
            ("other payers", others),
            ("plan", paid.plan_pays().unwrap()),
        ];
    };
    vec![
        ("patient", patient),
        ("low-income subsidy", d.low_income_subsidy),
        ("manufacturer", d.manufacturer_discount),
        ("CMS", d.selected_drug_subsidy.plus(d.reinsurance).unwrap()),
        ("supplemental benefit", d.supplemental),
        ("employer", d.employer),
        ("plan", d.basic),
    ]
}

/// What the year has come to, where a hand has written it.
fn year(row: &Row<'_>) -> String {
    let said: Vec<String> = match &row.answer {
        Answer::Paid { also, .. } => {
            let is_balance = |part: &&&str| {
                part.starts_with("deductible ") || part.starts_with("out of pocket ")
            };
            let dollars = |part: &&str| {
                let (name, amount) = part.rsplit_once(' ').unwrap();
                format!("{name} ${amount}")
            };
            also.iter().filter(is_balance).map(dollars).collect()
        }
        Answer::PartD { amounts: [.., troop, gross], .. } => {
            vec![format!("out of pocket (TrOOP) so far ${troop}, gross so far ${gross}")]
        }
        _ => Vec::new(),
    };
    if said.is_empty() { String::new() } else { format!("- then: {}\n", said.join(", ")) }
}

/// The reasons: whatever moved or explained the member's part, and what the excerpt decided.
fn steps(design: &Design, book: &Book, adjudication: &Adjudication) -> String {
    let shown = |step: &&Step| {
        let place = step.source.map(|source| book.locate(source));
        let of_excerpt = place
            .is_some_and(|place| design.excerpts.iter().any(|lines| excerpt::holds(lines, &place)));
        let refused = matches!(step.finding, Finding::Refused { .. });
        let stage = matches!(step.stage, Stage::Benefit | Stage::Coordination);
        // A share of nothing says nothing.
        let nothing = matches!(step.finding, Finding::Coinsurance { .. })
            && step.amount.is_some_and(|moved| moved.after == Cents::ZERO);
        !refused && !nothing && (of_excerpt || stage && adjudication.paid().is_some())
    };
    adjudication.steps.iter().filter(shown).map(line).collect()
}

fn line(step: &Step) -> String {
    match step.amount {
        Some(moved) if moved.before == Cents::ZERO => {
            format!("- {}: {} ${}\n", step.finding, moved.account, moved.after)
        }
        Some(moved) => {
            let (before, after) = (moved.before, moved.after);
            format!("- {}: {} ${before} → ${after}\n", step.finding, moved.account)
        }
        None => format!("- {}\n", step.finding),
    }
}
