//! A checked call of a function over the customer base.

use accolade_core::model::Type;

use super::Fold;

/// A checked call of a function over the customer base.
pub struct CompiledCall {
    /// Computes the figure.
    pub fold: Box<dyn Fold>,
    /// The type of the figure.
    pub ty: Type,
    /// How many decimals of a number are shown.
    pub places: u32,
    /// The least and the greatest possible figure.
    pub bounds: Option<(i64, i64)>,
}

impl CompiledCall {
    /// A figure of this type.
    pub fn new(fold: Box<dyn Fold>, ty: Type) -> CompiledCall {
        CompiledCall { fold, ty, places: 3, bounds: None }
    }

    /// A share of something.
    pub fn share(fold: Box<dyn Fold>) -> CompiledCall {
        CompiledCall { bounds: Some((0, 1)), ..CompiledCall::new(fold, Type::Percent) }
    }
}
