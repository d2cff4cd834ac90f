//! The console through the server, and the guard against pages of other origins.

use openpbm_server::Limits;

use crate::client::verdict;
use crate::running::Running;
use openpbm_house::Fill;

#[tokio::test]
async fn the_console_is_served_beside_the_api() {
    let server = Running::start(Limits::default()).await;
    let id = crate::claims::paid(&server).await;
    for path in ["/".to_owned(), format!("/claims/{id}")] {
        let page = server.ask(&format!("GET {path}")).await;
        assert_eq!(page.status, 200);
        assert!(page.head.contains("content-security-policy: default-src 'self'"), "{path}");
        assert!(page.text().contains("Eliquis 5 mg tablet"), "{path}");
        // Every address that the page names is served.
        for link in page.text().split("href=\"/").skip(1) {
            let path = link.split('"').next().unwrap().replace("&#38;", "&");
            let linked = server.ask(&format!("GET /{path}")).await;
            assert_eq!(linked.status, 200, "/{path}");
        }
    }
}

#[tokio::test]
async fn a_name_that_was_pointed_here_is_not_served() {
    let server = Running::start(Limits::default()).await;
    for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example"] {
        server.ask(&format!("GET /api/v1/claims\r\nhost: {host}")).await.assert_error(421);
    }
    for host in ["localhost", "127.0.0.1:8080", "[::1]:8080"] {
        let answer = server.ask(&format!("GET /api/v1/claims\r\nhost: {host}")).await;
        assert_eq!(answer.status, 200, "{host}");
    }
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_send_a_claim() {
    let server = Running::start(Limits::default()).await;
    let claim = String::from_utf8(Fill::eliquis(1).billing()).unwrap();
    let length = claim.len();
    let request = |origin: &str| {
        format!("POST /ncpdp\r\norigin: {origin}\r\ncontent-length: {length}\r\n\r\n{claim}")
    };
    for origin in ["http://evil.example", "null", "http://localhost:1"] {
        server.ask(&request(origin)).await.assert_error(403);
    }
    let list = server.ask("GET /api/v1/claims").await.json();
    assert_eq!(list["claims"].as_array().unwrap().len(), 0, "nothing was decided");
    let own = server.ask(&request(&format!("http://{}", server.http))).await;
    assert_eq!(verdict(&own.body), "A P");
}
