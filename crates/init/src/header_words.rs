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
/// Tables of people and companies, in the names of files and sheets.
pub(crate) const PEOPLE: WordList = &[
    "contact",
    "contacts",
    "contacten",
    "profile",
    "profiles",
    "companies",
    "bedrijven",
    "debiteuren",
    "relaties",
    "subscribers",
    "abonnees",
    "people",
    "persons",
    "leads",
];
/// Properties of a customer that many share.
pub(crate) const PROPERTY: WordList = &[
    "type",
    "group",
    "groep",
    "segment",
    "note",
    "notes",
    "notitie",
    "status",
    "description",
    "omschrijving",
    "since",
    "category",
    "categorie",
    "class",
    "tier",
    "level",
    "language",
    "taal",
    "owner",
    "country",
    "land",
    "city",
    "stad",
    "marketing",
    "consent",
    "gender",
    "age",
    "source",
    "bron",
    "message",
    "agent",
];
/// Names, which people share and write in several ways.
pub(crate) const NAME: WordList = &["name", "naam", "nom", "nombre"];
pub(crate) const ID: WordList =
    &["id", "nr", "no", "num", "number", "nummer", "code", "key", "ref", "reference", "uuid", "guid", "numero"];
/// What names the total below the rows.
pub(crate) const GRAND_TOTAL: WordList =
    &["total", "totals", "totaal", "totalen", "eindtotaal", "summe", "gesamt", "somme", "sum"];
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
/// What is taken off a price.
pub(crate) const DISCOUNT: WordList = &["discount", "korting", "rabatt", "remise", "coupon", "voucher", "promotion"];
/// Amounts that nobody has paid yet.
pub(crate) const EXPECTED: WordList =
    &["weighted", "forecast", "expected", "predicted", "budget", "gewogen", "verwacht", "quota", "target"];
pub(crate) const OTHER_MONEY: WordList = &[
    "cost",
    "costs",
    "kosten",
    "fee",
    "balance",
    "saldo",
    "credit",
    "debit",
    "limit",
    "kredietlimiet",
    "salary",
    "income",
    "shipping",
    "freight",
    "duties",
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
    "cancelled",
    "canceled",
    "geannuleerd",
    "fulfilled",
    "refunded",
    "dispute",
    "evidence",
    "updated",
    "modified",
    "gewijzigd",
    "expiry",
    "expiration",
    "last",
];
/// When a row was made, which may be before the event.
pub(crate) const MADE_DATE: WordList = &["created", "create", "creation", "aangemaakt", "angelegt", "added"];
pub(crate) const DATE: WordList = &["date", "datum", "day", "dag", "fecha", "jour", "time", "timestamp", "moment"];
pub(crate) const FLAG: WordList = &["is", "has", "opt", "active", "flag", "consent", "subscribed", "optin"];

/// The words in a name, in lower case: `CustomerID`, `customer-id` and `customer id` have the same two.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        // `VATAmount` has two words, and so has `orderDate`.
        let word = chars.peek().is_some_and(|next| next.is_lowercase()) && chars.clone().nth(1).is_some();
        let begins = before.is_none_or(|b| {
            !b.is_alphanumeric() || (c.is_uppercase() && (b.is_lowercase() || (b.is_uppercase() && word)))
        });
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

/// Whether a name is that of an identifier; a number *of* something is a count.
pub(crate) fn is_id(name: &str) -> bool {
    mentions(name, ID) && !words(name).iter().any(|word| word == "of")
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
            ("VATAmountDC", "vat amount dc"),
            ("AmountFCExclVat", "amount fc excl vat"),
            ("OrderIDs", "order ids"),
            ("Klant-nr.", "klant nr"),
            ("€", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn what_names_say() {
        assert!(mentions("klantnummer", CUSTOMER) && mentions("InvoiceNo", ORDER) && is_id("InvoiceNo"));
        assert!(!mentions("cost", CUSTOMER) && !mentions("discount", QUANTITY));
        assert!(!is_id("city") && !is_id("notes") && !is_id("NumberOfEmployees") && is_id("Order number"));
    }
}
