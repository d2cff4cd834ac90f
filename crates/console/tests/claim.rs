//! One decision, explained.

use crate::browser::{Browser, assert_in_order};

const STAGES: [&str; 13] = [
    "<h3>Eligibility</h3>",
    "<h3>Pharmacy</h3>",
    "<h3>Prescriber</h3>",
    "<h3>Product</h3>",
    "<h3>Duplicate</h3>",
    "<h3>Formulary</h3>",
    "<h3>Utilization</h3>",
    "<h3>Drug safety</h3>",
    "<h3>Authorization</h3>",
    "<h3>Pricing</h3>",
    "<h3>Benefit</h3>",
    "<h3>Coordination</h3>",
    "<h3>Response</h3>",
];

/// Eliquis at Harborview: 60 x 5.52654 x 101% is 334.91, the fee 1.50. The deductible of 250.00 is
/// untouched, and tier 3 costs 45.00 of what is left.
#[tokio::test]
async fn a_paid_claim_shows_who_pays_what_and_why() {
    let (browser, decided) = Browser::with_decisions().await;
    let page = browser.get(&format!("/claims/{}", decided.paid)).await.text;
    assert_in_order(
        &page,
        &[
            "Paid:</span> the patient pays $295.00, the plan pays the pharmacy $41.41</h1>",
            "Eliquis 5 mg tablet",
            "60 units for 30 days",
            "Harborview Pharmacy",
            "NPI 1999000015",
            "CSCPPO",
            // 250.00, 45.00 and 41.41 of 336.41, in thousandths.
            "<rect class=\"part-deductible\" x=\"0\" y=\"0\" width=\"743\"",
            "<rect class=\"part-copay\" x=\"743\" y=\"0\" width=\"133\"",
            "<rect class=\"part-plan\" x=\"876\" y=\"0\" width=\"124\"",
            "The patient pays</dt><dd class=\"number\">$295.00",
            "The plan pays</dt><dd class=\"number\">$41.41",
            "The pharmacy gets</dt><dd class=\"number\">$336.41",
            "$334.91",
            "$1.50",
            "Out-of-pocket maximum",
            "$2,705.00",
        ],
    );
    assert_in_order(&page, &STAGES);
    assert_in_order(
        &page,
        &[
            "prices/nadac.csv:",
            "ingredient cost <span>$0.00</span>",
            "<b>$334.91</b>",
            "plans/ppo.toml:",
            "deductible <span>$0.00</span>",
            "<b>$250.00</b>",
            &format!("/api/v1/claims/{}", decided.paid),
        ],
    );
    assert!(page.contains(&browser.house.pbm.book().version().to_string()));
    assert!(!page.contains("What to do"));
}

#[tokio::test]
async fn a_rejected_claim_says_what_to_do_and_what_is_covered() {
    let (browser, decided) = Browser::with_decisions().await;
    let page = browser.get(&format!("/claims/{}", decided.step)).await.text;
    assert_in_order(
        &page,
        &[
            "Rejected:</span> another drug must be tried first</h1>",
            "What to do",
            "metformin first",
            "Reject 608: another drug must be tried first",
            "Covered instead",
            "Jardiance 10 mg tablet",
            "00597-0152-30",
            "$45.00",
            "How it was decided",
            "<li class=\"refused\">",
            "<h3>Authorization</h3>",
            "formularies/cascade.toml:",
            "<h3>Pricing</h3>",
            "Not reached.",
        ],
    );
    assert_in_order(&page, &STAGES);
    assert!(!page.contains("The money"));

    let page = browser.get(&format!("/claims/{}", decided.specialty)).await.text;
    assert_in_order(&page, &["and one more reason</h1>", "Reject 40:", "Reject 75:"]);
}

#[tokio::test]
async fn a_reversal_leads_to_the_claim_it_takes_back() {
    let (browser, decided) = Browser::with_decisions().await;
    let page = browser.get(&format!("/claims/{}", decided.reversal)).await.text;
    let link = format!("href=\"/claims/{}\"", decided.paid);
    assert_in_order(&page, &["Reversed:</span>", &link, "For the record"]);
    assert!(!page.contains("How it was decided"), "nothing was adjudicated");
}

#[tokio::test]
async fn a_refusal_names_every_reason() {
    let (browser, decided) = Browser::with_decisions().await;
    let page = browser.get(&format!("/claims/{}", decided.refused)).await.text;
    assert_in_order(&page, &["Refused:</span>", "more reasons</h1>", "What to do", "Reject "]);
    assert!(!page.contains("How it was decided"));
}
