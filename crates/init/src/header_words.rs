//! Words in the names of columns and files, in the languages of likely exports.

/// Words for a subject.
pub(crate) type WordList = &'static [&'static str];

pub(crate) const CUSTOMER: WordList = &[
    "customer",
    "customers",
    "cust",
    "client",
    "clients",
    "klant",
    "klanten",
    "klantnr",
    "account",
    "accounts",
    "kunde",
    "kunden",
    "kundennr",
    "member",
    "members",
    "user",
    "users",
    "buyer",
    "debtor",
    "debiteur",
    "relatie",
    "shopper",
    "household",
    "patient",
    "guest",
    "donor",
    "cliente",
    "clientes",
];
/// What names a customer where nothing else does.
pub(crate) const EMAIL: WordList = &["email", "mail"];
pub(crate) const ID: WordList =
    &["id", "nr", "no", "num", "number", "nummer", "code", "key", "ref", "reference", "uuid", "guid", "numero"];
/// Codes: digits that are not quantities.
pub(crate) const CODE: WordList = &[
    "zip", "postcode", "postal", "plz", "phone", "tel", "telefoon", "mobile", "ean", "sku", "iban", "vat", "barcode",
    "isbn", "gtin",
];
/// What a customer pays, the likeliest first.
pub(crate) const AMOUNT: WordList = &[
    "revenue", "turnover", "omzet", "umsatz", "amount", "bedrag", "betrag", "total", "totaal", "sales", "net", "netto",
    "value", "subtotal", "gross", "bruto", "spend", "paid", "importe", "montant",
];
pub(crate) const PRICE: WordList = &["price", "unitprice", "prijs", "stukprijs", "preis", "precio", "prix"];
pub(crate) const QUANTITY: WordList =
    &["quantity", "qty", "aantal", "menge", "units", "pieces", "stuks", "cantidad", "quantite"];
pub(crate) const MARGIN: WordList = &["margin", "marge", "profit", "contribution", "winst", "gewinn", "beneficio"];
/// What a customer could spend with any seller.
pub(crate) const POTENTIAL: WordList = &["potential", "potentieel", "wallet", "spend", "budget"];
/// Refunds and deductions, which look like amounts.
pub(crate) const REFUND: WordList = &[
    "refund",
    "refunded",
    "refunds",
    "retour",
    "returned",
    "restitutie",
    "terugbetaald",
    "terugbetaling",
    "erstattet",
    "erstattung",
    "gutschrift",
    "rembourse",
    "remboursement",
    "chargeback",
    "dispute",
    "outstanding",
    "openstaand",
    "offen",
    "tip",
    "tips",
];
/// Words before a tax that say whether an amount has it: `Bedrag excl. btw` is an amount.
pub(crate) const WITH_OR_WITHOUT: WordList = &[
    "excl",
    "exclusief",
    "excluding",
    "ex",
    "incl",
    "inclusief",
    "including",
    "inc",
    "zonder",
    "ohne",
    "mit",
    "hors",
    "exkl",
    "inkl",
    "ht",
    "ttc",
];
/// Taxes, which an amount may have in it: `Bedrag excl. btw`.
pub(crate) const TAX: WordList = &["tax", "taxes", "btw", "vat", "mwst", "tva"];
pub(crate) const OTHER_MONEY: WordList = &[
    "cost",
    "costs",
    "kosten",
    "discount",
    "korting",
    "fee",
    "balance",
    "saldo",
    "credit",
    "debit",
    "limit",
    "salary",
    "income",
    "shipping",
    "freight",
    "rabatt",
    "remise",
    "verzendkosten",
    "versand",
    "porto",
];
/// Numbers that are not money, even with two decimals.
pub(crate) const MEASURED: WordList = &[
    "weight",
    "gewicht",
    "kg",
    "rate",
    "ratio",
    "score",
    "lat",
    "lon",
    "latitude",
    "longitude",
    "temperature",
    "hours",
    "distance",
    "km",
    "share",
    "factor",
    "index",
];
/// Transactions, in the name of a transaction number.
pub(crate) const ORDER: WordList = &[
    "order",
    "orders",
    "invoice",
    "invoices",
    "transaction",
    "transactions",
    "receipt",
    "receipts",
    "bon",
    "factuur",
    "facturen",
    "bestelling",
    "bestellingen",
    "rechnung",
    "bestell",
    "auftrag",
    "basket",
    "ticket",
    "sale",
    "document",
    "purchase",
    "pedido",
    "commande",
    "facture",
];
/// Files of transactions, the likeliest first.
pub(crate) const SALES: WordList = &[
    "orders",
    "order",
    "sales",
    "verkopen",
    "bestellingen",
    "bestellungen",
    "transactions",
    "transaction",
    "purchases",
    "retail",
    "receipts",
    "lines",
    "invoices",
    "facturen",
    "rechnungen",
    "invoice",
];
pub(crate) const SATISFACTION: WordList =
    &["satisfaction", "satisfied", "csat", "tevredenheid", "zufriedenheit", "satisfaccion", "happiness"];
pub(crate) const RECOMMEND: WordList =
    &["recommend", "recommendation", "nps", "aanbevelen", "aanbeveling", "empfehlung", "promoter", "likelihood"];
pub(crate) const EFFORT: WordList = &["effort", "ces", "moeite", "ease"];
/// Other judgements on a scale.
pub(crate) const JUDGEMENT: WordList = &[
    "rating",
    "score",
    "quality",
    "attention",
    "information",
    "involvement",
    "cooperation",
    "loyalty",
    "stars",
    "grade",
    "answer",
    "kwaliteit",
    "aandacht",
    "informatie",
    "betrokkenheid",
    "samenwerking",
    "engagement",
    "trust",
];
/// Dates other than that of the event.
pub(crate) const LATER_DATE: WordList = &[
    "due",
    "paid",
    "ship",
    "shipped",
    "delivery",
    "delivered",
    "birth",
    "birthday",
    "end",
    "until",
    "valid",
    "vervaldatum",
    "betaald",
    "created",
    "updated",
    "modified",
    "expiry",
];
pub(crate) const DATE: WordList = &["date", "datum", "day", "dag", "fecha", "jour", "time", "timestamp", "moment"];
pub(crate) const FLAG: WordList = &["is", "has", "opt", "active", "flag", "consent", "subscribed", "optin"];

/// The words in a name, in lower case: `CustomerID`, `customer-id` and `customer id` have the same two.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in name.chars() {
        let begins = before.is_none_or(|b| !b.is_alphanumeric() || (c.is_uppercase() && b.is_lowercase()));
        if c.is_alphanumeric() {
            if begins {
                found.push(String::new());
            }
            if let Some(word) = found.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = Some(c);
    }
    found
}

/// How well the name fits the subject, 0 best: by its first word that the name holds, whole words before those of 5
/// letters or more inside a word.
pub(crate) fn match_rank(name: &str, subject: WordList) -> Option<usize> {
    let words = words(name);
    let whole = |wanted: &str| words.iter().any(|word| word == wanted);
    let inside = |wanted: &str| wanted.len() >= 5 && words.iter().any(|word| word.contains(wanted));
    let at = |says: &dyn Fn(&str) -> bool| subject.iter().position(|wanted| says(wanted));
    at(&whole).or_else(|| at(&inside).map(|index| index + subject.len()))
}

pub(crate) fn mentions(name: &str, subject: WordList) -> bool {
    match_rank(name, subject).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, expected) in [
            ("CustomerID", "customer id"),
            ("customer_id", "customer id"),
            ("Order Date", "order date"),
            ("orderDate2", "order date2"),
            ("Klant-nr.", "klant nr"),
            ("€", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn what_names_say() {
        assert!(mentions("klantnummer", CUSTOMER) && mentions("InvoiceNo", ORDER) && mentions("InvoiceNo", ID));
        assert!(!mentions("cost", CUSTOMER) && !mentions("discount", QUANTITY));
        assert!(!mentions("city", ID) && !mentions("notes", ID));
    }
}
