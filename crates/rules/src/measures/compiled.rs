//! What a function over the customer base makes of a call.

use accolade_core::model::Type;

use super::Fold;

/// What a function of the table makes of a call.
pub struct Compiled {
    /// Makes the figure.
    pub fold: Box<dyn Fold>,
    /// What the figure is counted in.
    pub ty: Type,
    /// How many decimals a reader wants to see of a number.
    pub places: u32,
    /// The least and the greatest figure there can be.
    pub bounds: Option<(i64, i64)>,
}

impl Compiled {
    /// A figure of this type.
    pub fn new(fold: Box<dyn Fold>, ty: Type) -> Compiled {
        Compiled { fold, ty, places: 3, bounds: None }
    }

    /// A share of something.
    pub fn share(fold: Box<dyn Fold>) -> Compiled {
        Compiled { bounds: Some((0, 1)), ..Compiled::new(fold, Type::Percent) }
    }
}
