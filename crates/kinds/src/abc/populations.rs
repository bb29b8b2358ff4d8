//! Generated customer bases in which a customer is just before, at and just after the end of a class.

use accolade_core::numbers::domain::{Domain, float_key};

use super::cut::{AbcClass, Cut, FULL_SHARE};

/// The greatest number of customers in a base.
const MAX_CUSTOMERS: u64 = 200;
/// The number of customers before the end of a class that is cut by share.
const LEADING: i128 = 4;

/// The bases around every cut, each as the keys of its customers, greatest first.
pub(super) fn around_cuts(classes: &[AbcClass], domain: Domain) -> Vec<Vec<i128>> {
    let mut bases = Vec::new();
    let mut begun = 0;
    for class in classes {
        match class.cut {
            Cut::Share(end) => {
                bases.extend(around_share(end, LEADING, domain));
                begun = end;
            }
            Cut::OwnShare(own) => {
                bases.extend(around_share((begun + own).min(FULL_SHARE), LEADING, domain));
                begun += own;
            }
            Cut::CustomersShare(_) => bases.extend(descending(100, domain)),
            Cut::Customers(n) if n < MAX_CUSTOMERS => bases.extend(descending(n + 2, domain)),
            Cut::AtLeast(key) => bases.push(vec![key + 1, key, key - 1]),
            Cut::Customers(_) | Cut::Rest => {}
        }
    }
    bases.dedup();
    bases
}

/// Three bases whose `first` greatest customers together have one unit less than `share` (in 10⁻⁸) of the total,
/// exactly `share`, and one unit more.
pub(crate) fn around_share(share: i128, first: i128, domain: Domain) -> Vec<Vec<i128>> {
    // The total is 10⁸, so a share in 10⁻⁸ is a whole amount.
    let base = |leading: i128| {
        let rest = FULL_SHARE - leading;
        let each = leading / first;
        let others = rest / each.max(1) + 2;
        let amounts: Vec<i128> = split_amount(leading, first).into_iter().chain(split_amount(rest, others)).collect();
        let falling = amounts.windows(2).all(|pair| pair[0] > pair[1]) && amounts.last().is_some_and(|a| *a > 0);
        falling.then(|| amounts.into_iter().map(|amount| key(amount, domain)).collect())
    };
    if share >= FULL_SHARE {
        return Vec::new();
    }
    [share - 1, share, share + 1].into_iter().filter_map(base).collect()
}

/// Splits an amount among customers, each with a little less than the one before.
fn split_amount(amount: i128, customers: i128) -> Vec<i128> {
    let each = amount / customers;
    let others: Vec<i128> = (1..customers).map(|i| each - i).collect();
    let first = amount - others.iter().sum::<i128>();
    std::iter::once(first).chain(others).collect()
}

fn descending(customers: u64, domain: Domain) -> Option<Vec<i128>> {
    Some((1..=customers).rev().map(|n| key(i128::from(n), domain)).collect())
}

/// The key of a whole amount.
fn key(amount: i128, domain: Domain) -> i128 {
    match domain {
        Domain::Exact { scale, .. } => amount * 10i128.pow(u32::from(scale.unsigned_abs())),
        Domain::Float(_) => float_key(amount as f64),
    }
}
