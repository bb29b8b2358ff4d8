//! Where each customer stands among all.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Builder, Int64Builder};

use super::cut::Ranked;

/// Rank, share and cumulative share of every customer; missing where the metric is zero or missing.
pub(super) fn positions(ranked: &Ranked, rows: usize) -> Vec<ArrayRef> {
    let mut rank = vec![0i64; rows];
    let mut shares = vec![(0.0f64, 0.0f64); rows];
    let total = ranked.total as f64;
    let mut before = 0i128;
    let mut start = 0;
    while start < ranked.order.len() {
        let group = ranked.group(start);
        let amount = ranked.amount(ranked.order[start].key);
        before += amount.max(0) * i128::try_from(group.len()).unwrap_or(0);
        for customer in &ranked.order[group.clone()] {
            rank[customer.row as usize] = i64::try_from(start + 1).unwrap_or(i64::MAX);
            if ranked.total > 0 {
                shares[customer.row as usize] = (amount as f64 / total, before as f64 / total);
            }
        }
        start = group.end;
    }
    let mut ranks = Int64Builder::with_capacity(rows);
    let (mut share, mut cumulative) = (Float64Builder::with_capacity(rows), Float64Builder::with_capacity(rows));
    for (rank, (own, running)) in rank.into_iter().zip(shares) {
        ranks.append_option((rank > 0).then_some(rank));
        share.append_option((rank > 0 && ranked.total > 0).then_some(own));
        cumulative.append_option((rank > 0 && ranked.total > 0).then_some(running));
    }
    vec![Arc::new(ranks.finish()), Arc::new(share.finish()), Arc::new(cumulative.finish())]
}
