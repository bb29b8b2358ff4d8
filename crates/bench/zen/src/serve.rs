//! A service like `accolade serve` around zen-engine.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::serve::ListenerExt;
use serde_json::Value as Json;

use futures_executor::block_on;
use zen_engine::{Decision, Variable};
use crate::call::decision;
use crate::records::accounts;

/// Answers `POST /rate` with the result of the decision.
pub fn serve(address: SocketAddr) -> Result<(), Box<dyn Error>> {
    let decision = Arc::new(decision(&accounts()?)?);
    let app = Router::new().route(
        "/rate",
        post(move |body: Bytes| {
            let decision = Arc::clone(&decision);
            async move { rate(&decision, &body) }
        }),
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        println!("zen: listening on http://{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        axum::serve(listener, app).await?;
        Ok(())
    })
}

/// Evaluates the decision of a request, on the thread that reads it: a decision is quick, and its values cannot move
/// between threads.
fn rate(decision: &Decision, body: &[u8]) -> impl IntoResponse + use<> {
    let Ok(context) = serde_json::from_slice::<Json>(body) else {
        return (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "text/plain")], "not JSON".to_owned());
    };
    match block_on(decision.evaluate(Variable::from(&context))) {
        Ok(response) => {
            let result = Json::from(response.result).to_string();
            (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], format!("{{\"result\":{result}}}"))
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, [(header::CONTENT_TYPE, "text/plain")], error.to_string()),
    }
}
