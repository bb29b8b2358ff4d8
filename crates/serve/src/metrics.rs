//! The metrics of the service.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

type MetricLabels = Vec<(&'static str, String)>;

pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<MetricLabels, Counter>,
    seconds: Family<MetricLabels, Histogram, fn() -> Histogram>,
    at_work: Gauge,
    records: Family<MetricLabels, Counter>,
    reloads: Family<MetricLabels, Counter>,
    reload_ok: Gauge,
    in_force: Gauge<f64, AtomicU64>,
}

fn times() -> Histogram {
    // From 50 µs to 13 s.
    Histogram::new(exponential_buckets(0.000_05, 4.0, 10))
}

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("accolade"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(times as fn() -> Histogram),
            at_work: Gauge::default(),
            records: Family::default(),
            reloads: Family::default(),
            reload_ok: Gauge::default(),
            in_force: Gauge::default(),
        };
        let to = &mut metrics.registry;
        to.register("requests", "Requests answered", metrics.requests.clone());
        to.register("request_seconds", "How long answers took", metrics.seconds.clone());
        to.register("requests_at_work", "Requests being answered", metrics.at_work.clone());
        to.register("records", "Records rated or refused", metrics.records.clone());
        to.register("reloads", "Reloads of rules and cut-offs", metrics.reloads.clone());
        to.register("last_reload_ok", "1 unless the newest rules or cut-offs were refused", metrics.reload_ok.clone());
        to.register("rules_in_force_seconds", "How long the rules have been in force", metrics.in_force.clone());
        metrics
    }

    pub(crate) fn answered(&self, route: &str, status: u16, took: Duration) {
        let labels = vec![("route", route.to_owned()), ("status", status.to_string())];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&vec![("route", route.to_owned())]).observe(took.as_secs_f64());
    }

    pub(crate) fn records(&self, outcome: &'static str, count: u64) {
        if count > 0 {
            self.records.get_or_create(&vec![("outcome", outcome.to_owned())]).inc_by(count);
        }
    }

    pub(crate) fn reloaded(&self, taken: bool) {
        let outcome = if taken { "taken" } else { "refused" };
        self.reloads.get_or_create(&vec![("outcome", outcome.to_owned())]).inc();
    }

    /// Counts a request as being at work while the value lives.
    pub(crate) fn at_work(&self) -> InFlight {
        self.at_work.inc();
        InFlight(self.at_work.clone())
    }

    pub(crate) fn text(&self, reload_ok: bool, in_force: Duration) -> Option<String> {
        self.reload_ok.set(i64::from(reload_ok));
        self.in_force.set(in_force.as_secs_f64());
        let mut text = String::new();
        encode(&mut text, &self.registry).ok().map(|()| text)
    }
}

pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
