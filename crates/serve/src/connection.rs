//! One connection: the head of a request must arrive in time, and an answer must be taken in time.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutWriter;

use crate::control::ServiceHandle;
use crate::problem::Problem;
use crate::state::ServiceState;

/// Answers the requests of a connection until it closes, is idle for too long, or the service stops.
pub(crate) async fn serve_connection(
    stream: TcpStream,
    app: Router,
    state: Arc<ServiceState>,
    control: ServiceHandle,
    limit: Duration,
) {
    // A connection without `TCP_NODELAY` works too.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(limit));
    let mut builder = http1::Builder::new();
    // The time for a head begins with the connection or the previous answer, so that idle connections are closed too.
    builder.timer(TokioTimer::new()).header_read_timeout(limit);
    let mut connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(app));
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = control.stopped() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    // Whatever else ended the connection, its client is gone or has had its answer.
    if !ended.is_err_and(|error| error.is_timeout()) {
        return;
    }
    let parts = connection.into_parts();
    if !parts.read_buf.is_empty() {
        let answer = late_head();
        state.metrics.answered("other", StatusCode::REQUEST_TIMEOUT.as_u16(), limit);
        state.host.log_request(format_args!("(no head) 408 {:.3} ms", limit.as_secs_f64() * 1000.0));
        let mut stream = parts.io.into_inner();
        // A client that does not take the answer is cut off.
        let _ = timeout(limit, async {
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await
        })
        .await;
    }
}

/// The answer to a request whose head did not arrive in time.
fn late_head() -> String {
    let body = Problem::new(StatusCode::REQUEST_TIMEOUT, "the head of the request did not arrive in time").json();
    let body = body.to_string();
    format!(
        "HTTP/1.1 408 Request Timeout\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}
