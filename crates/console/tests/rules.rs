//! The rules of the road, for every page: nothing from elsewhere, nothing inline, no member named.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH};

use crate::browser::Browser;
use openpbm_house::names_a_member;

/// Every page there is, in every state.
async fn pages() -> (Browser, Vec<(String, String)>) {
    let (browser, decided) = Browser::with_decisions().await;
    let mut paths = decided.paths();
    let older = format!("/?before={}", decided.reversal);
    paths.extend(["/".into(), "/?live=off".into(), older, "/nowhere".into(), "/claims/x".into()]);
    let mut pages = Vec::new();
    for path in paths {
        let page = browser.get(&path).await;
        let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{path}");
        assert_eq!(page.headers[CACHE_CONTROL], "no-store", "{path}");
        pages.push((path, page.text));
    }
    (browser, pages)
}

/// The values of an attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn no_page_asks_another_origin_for_anything() {
    let (browser, pages) = pages().await;
    for (path, page) in &pages {
        for attribute in ["href", "src", "action", "srcset", "data", "poster"] {
            for value in values(page, attribute) {
                let inside =
                    value.starts_with('#') || (value.starts_with('/') && !value.starts_with("//"));
                assert!(inside, "{path}: {attribute}={value}");
            }
        }
        assert!(!page.contains("://"), "{path}");
    }
    let style = browser.get("/assets/console.css").await.text;
    assert!(!style.contains("url(") && !style.contains("@import"));
    let script = browser.get("/assets/live.js").await.text;
    assert!(!script.contains("://"));
}

#[tokio::test]
async fn nothing_is_inline_that_the_policy_forbids() {
    let (_, pages) = pages().await;
    for (path, page) in pages {
        assert!(!page.contains(" style=") && !page.contains("<style"), "{path}");
        assert!(!page.contains("<script>") && !page.contains("javascript:"), "{path}");
        let tags = page.split('<').skip(1).map(|tag| tag.split('>').next().unwrap());
        for tag in tags {
            let handler = tag.split_whitespace().skip(1).any(|word| word.starts_with("on"));
            assert!(!handler || !tag.contains("=\""), "{path}: {tag}");
        }
    }
}

#[tokio::test]
async fn no_member_is_named() {
    let (_, pages) = pages().await;
    for (path, page) in pages {
        assert!(!names_a_member(&page), "{path}");
    }
}

#[tokio::test]
async fn every_page_has_landmarks_a_language_and_one_heading() {
    let (_, pages) = pages().await;
    for (path, page) in pages {
        for text in ["<html lang=\"en\">", "<header", "<main", "<footer", "name=\"viewport\""] {
            assert!(page.contains(text), "{path}: {text}");
        }
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
        assert!(page.contains("There is no login yet"), "{path}");
        assert!(page.contains(env!("CARGO_PKG_VERSION")), "{path}");
        let ids = values(&page, "id");
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path}: an id twice");
        for label in values(&page, "aria-labelledby") {
            assert!(ids.contains(&label), "{path}: {label}");
        }
    }
}

#[tokio::test]
async fn assets_are_kept_for_good_and_asked_for_by_their_content() {
    let browser = Browser::open();
    let page = browser.get("/").await.text;
    let mut assets = values(&page, "href");
    assets.extend(values(&page, "src"));
    assets.retain(|path| path.starts_with("/assets/"));
    assets.sort_unstable();
    assets.dedup();
    assert_eq!(assets.len(), 3, "{assets:?}");
    for path in assets {
        assert!(path.contains("?v="), "{path}");
        let first = browser.get(path).await;
        assert_eq!(first.status, 200);
        assert!(first.headers[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let tag = &first.headers[ETAG];
        assert!(tag.to_str().unwrap().starts_with('"'), "strong");
        let again = Request::get(path).header(IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
        let again = browser.ask(again).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
        let other = Request::get(path).header(IF_NONE_MATCH, "\"0\"").body(Body::empty()).unwrap();
        assert_eq!(browser.ask(other).await.status, 200);
    }
}
