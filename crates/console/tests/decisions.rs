//! The first page.

use crate::browser::{Browser, assert_in_order};
use openpbm_house::{Fill, House};

#[tokio::test]
async fn an_empty_house_says_what_to_do() {
    let page = Browser::open().get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Nothing has been decided yet"));
    assert!(!page.text.contains("<table"));
}

#[tokio::test]
async fn decisions_stand_newest_first_with_what_matters() {
    let (browser, decided) = Browser::with_decisions().await;
    let page = browser.get("/").await;
    assert_in_order(
        &page.text,
        &[
            &format!("/claims/{}", decided.refused),
            "Refused",
            "<b>R8</b> the transmission could not be read",
            "<b>A9</b> transaction count is missing or invalid",
            "<span class=\"why\">and <b title=",
            "<b title=\"service provider id is missing or invalid\">05</b>",
            &format!("/claims/{}", decided.reversal),
            "Reversed",
            &format!("takes back {}", decided.paid),
            &format!("/claims/{}", decided.specialty),
            "Rejected",
            "Humira",
            "<b>40</b> pharmacy is not contracted",
            "<b>75</b> prior authorization required",
            &format!("/claims/{}", decided.step),
            "<b>608</b> another drug must be tried first",
            &format!("/claims/{}", decided.paid),
            "2026-03-12</span> 14:05:09",
            "Paid",
            "Eliquis 5 mg tablet",
            "60 / 30 d",
            "Harborview Pharmacy",
            "7000001",
            "$295.00",
            "$41.41",
        ],
    );
}

#[tokio::test]
async fn counters_follow_what_is_decided() {
    let (browser, _) = Browser::with_decisions().await;
    // The one paid claim was taken back.
    let expected = [
        "<dt>Paid</dt><dd>1</dd><dd class=\"ever\">1 in all</dd>",
        "<dt>Rejected</dt><dd>2</dd><dd class=\"ever\">2 in all</dd>",
        "<dt>Reversed</dt><dd>1</dd><dd class=\"ever\">1 in all</dd>",
        "<dt>Refused</dt><dd>1</dd><dd class=\"ever\">1 in all</dd>",
        "<dt>Plan pays</dt><dd>$0.00</dd><dd class=\"ever\">$0.00 in all</dd>",
        "<dt>Patients pay</dt><dd>$0.00</dd><dd class=\"ever\">$0.00 in all</dd>",
    ];
    // Whoever counts follows the journal, and may be a moment behind.
    for _ in 0..100 {
        let page = browser.get("/").await.text;
        if expected.iter().all(|counter| page.contains(counter)) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_in_order(&browser.get("/").await.text, &expected);
}

#[tokio::test]
async fn without_anybody_who_counts_there_are_no_counters() {
    let house = House::open();
    let browser = Browser::on(house);
    let page = browser.get("/").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("id=\"counters\""));
}

#[tokio::test]
async fn older_decisions_are_pages_that_follow_each_other() {
    let browser = Browser::open();
    for prescription in 1..=120 {
        browser.decide(Fill::atorvastatin(prescription).billing()).await;
    }
    let mut path = "/".to_owned();
    let mut seen = Vec::new();
    for left in [true, true, false] {
        let page = browser.get(&path).await.text;
        let links = page.split("href=\"/claims/").skip(1);
        seen.extend(links.map(|link| link[..20].to_owned()));
        let older = page.split("href=\"/?before=").nth(1).map(|link| link[..20].to_owned());
        assert_eq!(older.is_some(), left);
        path = format!("/?before={}", older.unwrap_or_default());
    }
    let all = browser.house.pbm.decisions(None, 500).unwrap();
    assert_eq!(seen, all.iter().map(|row| row.id.to_string()).collect::<Vec<_>>());
    assert_eq!(seen.len(), 120);
}

#[tokio::test]
async fn it_refreshes_without_a_script_and_can_be_paused() {
    let (browser, decided) = Browser::with_decisions().await;
    let reload = "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>";
    let live = browser.get("/").await.text;
    assert!(live.contains(reload) && live.contains("href=\"/?live=off\""));
    let paused = browser.get("/?live=off").await.text;
    assert!(!paused.contains("refresh\"") && !paused.contains("<script"));
    // What is old does not change.
    let older = browser.get(&format!("/?before={}", decided.paid)).await.text;
    assert!(!older.contains("refresh\"") && older.contains("There are no older decisions"));
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_a_friendly_page() {
    let browser = Browser::open();
    for path in ["/?before=xyz", "/?before=1&before=2", "/claims/xyz", "/claims/%FF", "/nowhere"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text.contains("There is no such"), "{path}");
        assert!(page.text.contains("See the newest decisions"), "{path}");
    }
}
