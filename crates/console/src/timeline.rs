//! A claim's way through the thirteen stages, with the question that each one answers.

use openpbm_core::{AmountChange, Stage};
use openpbm_service::StepView;

use crate::money::dollars;

/// The stages in the order in which a claim meets them, in the words of somebody who never met
/// one.
const STAGES: [(Stage, &str, &str); 13] = [
    (Stage::Eligibility, "Eligibility", "Is the patient covered on that day?"),
    (Stage::Pharmacy, "Pharmacy", "Is the pharmacy in one of the plan's networks?"),
    (Stage::Prescriber, "Prescriber", "May the prescriber prescribe for this plan?"),
    (Stage::Product, "Product", "What was dispensed, and is it a covered kind?"),
    (Stage::Duplicate, "Duplicate", "Was it billed before?"),
    (Stage::Formulary, "Formulary", "Where does the plan's drug list place it?"),
    (Stage::Utilization, "Utilization", "Is it too much, or too soon?"),
    (Stage::Dur, "Drug safety", "Does it conflict with another drug or an allergy?"),
    (Stage::Authorization, "Authorization", "Does it need permission, or another drug first?"),
    (Stage::Pricing, "Pricing", "What does the pharmacy get for it?"),
    (Stage::Benefit, "Benefit", "Which part does the patient pay?"),
    (Stage::Coordination, "Coordination", "Does another plan pay, too?"),
    (Stage::Response, "Response", "What is said about it?"),
];

/// One stage of the way.
pub(crate) struct StageView {
    pub(crate) name: &'static str,
    pub(crate) question: &'static str,
    pub(crate) steps: Vec<Line>,
    /// How it stands: `passed`, `refused` or `silent`.
    pub(crate) class: &'static str,
    /// What is said of a silent one.
    pub(crate) silence: &'static str,
}

/// One step of a stage.
pub(crate) struct Line {
    pub(crate) words: String,
    pub(crate) source: Option<String>,
    pub(crate) amount: Option<Change>,
    pub(crate) refuses: bool,
}

/// What a step did to a balance.
pub(crate) struct Change {
    pub(crate) account: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// All thirteen stages with their steps.
pub(crate) fn stages(steps: Vec<StepView>) -> Vec<StageView> {
    let refused = steps.iter().any(|step| step.refuses);
    let view = |(stage, name, question)| StageView {
        name,
        question,
        steps: Vec::new(),
        class: "silent",
        silence: silence(stage, refused),
    };
    let mut stages: Vec<_> = STAGES.into_iter().map(view).collect();
    for step in steps {
        let place = STAGES.iter().position(|(stage, ..)| *stage == step.stage);
        let Some(view) = place.and_then(|place| stages.get_mut(place)) else { continue };
        if step.refuses {
            view.class = "refused";
        } else if view.class == "silent" {
            view.class = "passed";
        }
        view.steps.push(Line {
            words: step.words,
            source: step.source,
            amount: step.amount.map(change),
            refuses: step.refuses,
        });
    }
    stages
}

/// What is refused is not priced.
const fn silence(stage: Stage, refused: bool) -> &'static str {
    match stage {
        Stage::Pricing | Stage::Benefit | Stage::Coordination if refused => "Not reached.",
        Stage::Response => "What stands at the head of this page.",
        _ => "Nothing to note.",
    }
}

fn change(AmountChange { account, before, after }: AmountChange) -> Change {
    Change { account: account.to_string(), before: dollars(before), after: dollars(after) }
}
