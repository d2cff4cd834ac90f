//! Keeps web pages of others away from a server without a login.
//!
//! A browser on this machine reaches loopback for any page it shows. A page may not read an
//! answer from another origin, but it may post to it, and a name that it lets point to 127.0.0.1
//! is its own origin. So a request must name this machine (`Host`), and one that changes
//! something must come from here (`Origin`). Programs send no origin and pass.

use std::net::IpAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, ORIGIN, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::error::ApiError;

/// Puts the guard around all routes.
pub(super) fn around(router: Router, allow_remote: bool) -> Router {
    router.layer(from_fn_with_state(allow_remote, check))
}

async fn check(State(allow_remote): State<bool>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !allow_remote && text(headers, HOST).is_some_and(|host| !is_this_machine(host)) {
        let hint = "ask for 127.0.0.1 or localhost; other names are served only where http may \
                    listen beyond this machine";
        let error = "the host header names another machine";
        return ApiError::new(StatusCode::MISDIRECTED_REQUEST, error, hint).into_response();
    }
    if !request.method().is_safe() && !is_same_origin(headers) {
        let hint = "send it from a program, or from a page of this server";
        let error = "the request comes from a page of another origin";
        return ApiError::new(StatusCode::FORBIDDEN, error, hint).into_response();
    }
    let mut response = next.run(request).await;
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

/// The header's text; one that is no text names nothing that is right.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or(""))
}

/// Whether a host, with or without a port, is this machine by whatever name.
fn is_this_machine(host: &str) -> bool {
    let port = |rest: &str| rest.bytes().all(|b| b.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, rest)) if port(rest) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = text(headers, ORIGIN) else { return true };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && authority == text(headers, HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_few_names() {
        for host in ["localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:80", "[::1]:8080"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", ":80", "evil.example", "127.0.0.1.evil.example:8080", "10.0.0.1:8080"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }

    #[test]
    fn an_origin_must_be_the_host() {
        let headers = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static("localhost:8080"));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            headers
        };
        assert!(is_same_origin(&headers(None)));
        assert!(is_same_origin(&headers(Some("http://localhost:8080"))));
        for origin in ["null", "http://localhost", "http://evil.example", "localhost:8080"] {
            assert!(!is_same_origin(&headers(Some(origin))), "{origin}");
        }
    }
}
