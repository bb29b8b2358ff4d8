//! Words in columns that say what a row is, and in their texts.

use crate::header_words::WordList;

/// What a row is or has become.
pub(crate) const STATUS: WordList = &[
    "status", "state", "stage", "phase", "fase", "mode", "statut", "zustand", "estado", "type", "kind", "soort",
    "document",
];
/// Texts of rows that are no sales.
pub(crate) const NO_SALE: WordList = &[
    "cancelled",
    "canceled",
    "cancel",
    "geannuleerd",
    "storniert",
    "annule",
    "void",
    "voided",
    "failed",
    "mislukt",
    "draft",
    "concept",
    "entwurf",
    "quotation",
    "quote",
    "offerte",
    "angebot",
    "test",
    "refunded",
    "terugbetaald",
    "expired",
    "verlopen",
    "declined",
    "rejected",
    "blocked",
    "deleted",
    "verwijderd",
    "trash",
    "lost",
    "verloren",
    "closedlost",
];
/// Texts of deals that were won; the others are open or lost.
pub(crate) const WON: WordList = &["won", "gewonnen", "closedwon", "gagne"];
/// What makes a text say less: `partially_refunded` is a sale.
pub(crate) const PARTLY: WordList = &["partially", "partial", "partly", "gedeeltelijk", "deels", "teilweise"];
/// Marks of rows that are no sales: `Cancelled at`, `is_test`.
pub(crate) const NO_SALE_MARK: WordList =
    &["cancelled", "canceled", "geannuleerd", "storniert", "voided", "deleted", "verwijderd", "test"];
