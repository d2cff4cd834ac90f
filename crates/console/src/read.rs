//! Reads from the store on a thread that may wait for it.

use axum::response::Response;
use openpbm_service::Pbm;

use crate::{Console, problem};

/// What the query finds, or the page that says that nothing can be read now.
pub(crate) async fn read<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
    console: &Console,
    query: impl FnOnce(&Pbm) -> Result<T, E> + Send + 'static,
) -> Result<T, Response> {
    let pbm = console.pbm.clone();
    let problem = match tokio::task::spawn_blocking(move || query(&pbm)).await {
        Ok(Ok(found)) => return Ok(found),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::error!(error = %problem, "the store could not be read");
    Err(problem::unreadable(&console.pbm))
}
