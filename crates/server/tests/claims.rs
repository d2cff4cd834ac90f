//! `/api/v1/claims`.

use openpbm_server::Limits;

use crate::client::{ask, post, verdict};
use crate::running::Running;
use openpbm_house::{Fill, names_a_member};

/// Has a claim paid and returns its id.
pub(crate) async fn paid(server: &Running) -> String {
    let answer = ask(server.http, &post(&Fill::eliquis(7_000_001).billing())).await;
    assert_eq!(verdict(&answer.body), "A P");
    let list = server.ask("GET /api/v1/claims?limit=1").await.json();
    list["claims"][0]["id"].as_str().unwrap().to_owned()
}

/// Eliquis at Harborview: 60 x 5.52654 x 101% is 334.91, the fee 1.50. The deductible of 250.00 is
/// untouched, and tier 3 costs 45.00 of what is left.
#[tokio::test]
async fn a_decision_is_shown_with_its_steps() {
    let server = Running::start(Limits::default()).await;
    let id = paid(&server).await;
    let answer = server.ask(&format!("GET /api/v1/claims/{id}")).await;
    let claim = answer.json();
    assert_eq!(claim["id"], id);
    assert_eq!(claim["status"], "paid");
    assert_eq!(claim["recorded"], 1_773_324_309_000_u64);
    assert_eq!(claim["prescription"], 7_000_001);
    assert_eq!(claim["drug"], "Eliquis 5 mg tablet");
    assert_eq!((&claim["patient_pay"], &claim["plan_pays"]), (&29_500.into(), &4_141.into()));
    assert_eq!(claim["paid"]["deductible"], 25_000);
    assert_eq!(claim["paid"]["copay"], 4_500);
    let steps = claim["steps"].as_array().unwrap();
    let deductible = steps.iter().find(|step| step["amount"]["account"] == "deductible").unwrap();
    assert_eq!(deductible["stage"], "benefit");
    assert_eq!(deductible["amount"]["before"], 0);
    assert_eq!(deductible["amount"]["after"], 25_000);
    assert!(deductible["source"].as_str().unwrap().starts_with("plans/ppo.toml:"));
    assert!(!names_a_member(answer.text()), "{}", answer.text());
    // An id read over the telephone may come in small letters.
    let small = server.ask(&format!("GET /api/v1/claims/{}", id.to_lowercase())).await;
    assert_eq!(small.json()["id"], id);
}

#[tokio::test]
async fn a_rejection_says_why_and_what_instead() {
    let server = Running::start(Limits::default()).await;
    let farxiga = Fill { ndc: "00310621030", ..Fill::eliquis(1) };
    ask(server.http, &post(&farxiga.billing())).await;
    let list = server.ask("GET /api/v1/claims").await.json();
    assert_eq!(list["claims"][0]["reject_codes"][0], "608");
    let id = list["claims"][0]["id"].as_str().unwrap();
    let claim = server.ask(&format!("GET /api/v1/claims/{id}")).await.json();
    assert_eq!(claim["reasons"][0]["code"], "608");
    assert_eq!(claim["alternatives"][0]["name"], "Jardiance 10 mg tablet");
    assert!(claim["steps"].as_array().unwrap().iter().any(|step| step["refuses"] == true));
    assert_eq!(claim["paid"], serde_json::Value::Null);
}

#[tokio::test]
async fn the_list_pages_through_everything_once() {
    let server = Running::start(Limits::default()).await;
    for number in 1..=25 {
        ask(server.http, &post(&Fill::atorvastatin(number).billing())).await;
    }
    let mut next = Some("/api/v1/claims?limit=10".to_owned());
    let mut seen = Vec::new();
    let mut pages = 0;
    while let Some(path) = next {
        let answer = server.ask(&format!("GET {path}")).await;
        assert!(!names_a_member(answer.text()), "{}", answer.text());
        let page = answer.json();
        let claims = page["claims"].as_array().unwrap();
        seen.extend(claims.iter().map(|claim| claim["prescription"].as_u64().unwrap()));
        next = page["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    assert_eq!(seen, (1..=25).rev().collect::<Vec<_>>());
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn an_id_is_wrong_or_unknown_and_a_query_is_understood_or_refused() {
    let server = Running::start(Limits::default()).await;
    for id in ["1", "%FF", "06EE4QCJ1000000000000", "06EE4QCJ10000000000U"] {
        server.ask(&format!("GET /api/v1/claims/{id}")).await.assert_error(400);
    }
    let unknown = server.ask("GET /api/v1/claims/06EE4QCJ10000000000Z").await;
    unknown.assert_error(404);
    assert_eq!(unknown.json()["error"], "no decision has the id 06EE4QCJ10000000000Z");
    let queries =
        ["limit=0", "limit=501", "limit=-1", "limit=ten", "before=1", "befor=1", "limit=1&limit=2"];
    for query in queries {
        server.ask(&format!("GET /api/v1/claims?{query}")).await.assert_error(400);
    }
}
