//! What pages need besides their HTML: embedded, tagged by content, kept by browsers for good.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// An embedded file.
pub(crate) struct Asset {
    pub(crate) path: &'static str,
    content_type: &'static str,
    content: &'static str,
    tag: u64,
}

pub(crate) const STYLE: Asset = Asset::new(
    "/assets/console.css",
    "text/css; charset=utf-8",
    include_str!("../assets/console.css"),
);

pub(crate) const SCRIPT: Asset = Asset::new(
    "/assets/live.js",
    "text/javascript; charset=utf-8",
    include_str!("../assets/live.js"),
);

pub(crate) const ICON: Asset =
    Asset::new("/assets/icon.svg", "image/svg+xml", include_str!("../assets/icon.svg"));

impl Asset {
    const fn new(path: &'static str, content_type: &'static str, content: &'static str) -> Self {
        Self { path, content_type, content, tag: fnv1a(content.as_bytes()) }
    }

    /// The address for pages: another content is another address.
    pub(crate) fn href(&self) -> String {
        format!("{}?v={:016x}", self.path, self.tag)
    }

    /// The file, or that the browser has it already.
    pub(crate) async fn serve(&self, asked: HeaderMap) -> Response {
        let tag = format!("\"{:016x}\"", self.tag);
        let known = asked.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let known = known.is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag));
        let headers = [
            (CONTENT_TYPE, self.content_type.to_owned()),
            (CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
            (ETAG, tag),
        ];
        if known {
            (StatusCode::NOT_MODIFIED, headers).into_response()
        } else {
            (headers, self.content).into_response()
        }
    }
}

/// FNV-1a: it tells versions of a file apart and protects nothing, which is all that is asked.
const fn fnv1a(mut bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    while let [first, rest @ ..] = bytes {
        hash = (hash ^ *first as u64).wrapping_mul(0x0100_0000_01B3);
        bytes = rest;
    }
    hash
}
