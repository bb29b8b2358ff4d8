//! Proposals for the layouts of common products: published header rows, invented data.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use accolade_init::{Plan, propose, survey};

fn layout(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/layouts").join(name);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The role of every column, a line for each role of each file.
fn roles(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for (index, (table, summary)) in plan.tables.iter().zip(plan.summary()).enumerate() {
        lines.push(format!("{}{}", table.name, &summary[summary.find(": ").unwrap_or(0)..]));
        let mut roles: Vec<_> = plan.column_roles(index).into_iter().zip(&table.columns).collect();
        roles.sort_by_key(|(role, _)| *role);
        for same in roles.chunk_by(|(role, _), (next, _)| role == next) {
            let headers: Vec<&str> = same.iter().map(|(_, column)| column.header.as_str()).collect();
            lines.push(format!("  {}: {}", same[0].0, headers.join(", ")));
        }
    }
    lines.join("\n")
}

/// Checks the role of every column, and that the proposal has lines that begin with each of these texts. Returns it.
#[track_caller]
fn check_files(files: &[PathBuf], expected: &str, lines: &[&str]) -> String {
    let plan = survey(files).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let found = roles(&plan);
    let folder = files[0].parent().unwrap();
    let text = propose(&plan, &folder.join("rules.yaml")).unwrap_or_else(|findings| panic!("{findings:#?}")).text;
    assert!(found.split_whitespace().eq(expected.split_whitespace()), "{found}\n\n{text}");
    for line in lines {
        assert!(text.lines().any(|l| l.trim().starts_with(line)), "no line {line:?} in\n{text}");
    }
    text
}

#[track_caller]
fn check(name: &str, expected: &str, lines: &[&str]) {
    check_files(&layout(name), expected, lines);
}

/// The rows of an order after the first have its lines alone.
#[test]
fn shopify() {
    check(
        "shopify",
        "
         orders_export: 54 rows, events of `Email`, on `Created at`
           customer: Email
           date: Created at
           order number: Name
           amount: Total
           other amount: Subtotal
           price: Lineitem price
           refund: Refunded Amount, Outstanding Balance
           tax: Taxes, Tax 1 Value
           discount: Discount Amount, Lineitem discount
           cost: Shipping
           status: Financial Status, Fulfillment Status, Lineitem fulfillment status
           other date: Paid at, Fulfilled at, Cancelled at
           other: Accepts Marketing, Currency, Discount Code, Shipping Method, Lineitem quantity, Lineitem name,
             Lineitem compare at price, Lineitem sku, Lineitem requires shipping, Lineitem taxable, Billing
             Name, Billing Street, Billing Address1, Billing Address2, Billing Company, Billing City, Billing
             Zip, Billing Province, Billing Country, Billing Phone, Shipping Name, Shipping Street, Shipping
             Address1, Shipping Address2, Shipping Company, Shipping City, Shipping Zip, Shipping Province,
             Shipping Country, Shipping Phone, Notes, Note Attributes, Payment Method, Payment Reference,
             Vendor, Employee, Location, Device ID, Id, Tags, Risk Level, Source, Tax 1 Name, Tax 2 Name, Tax 2
             Value, Tax 3 Name, Tax 3 Value, Tax 4 Name, Tax 4 Value, Tax 5 Name, Tax 5 Value, Phone, Receipt
             Number, Duties, Billing Province Name, Shipping Province Name, Payment ID, Payment Terms Name, Next
             Payment Due At, Payment References",
        &[
            "customer: Email",
            "where: financial_status is not missing and financial_status not in [\"refunded\", \"voided\"] and cancelled_at is missing",
            "revenue: sum(orders_export.Total in year)",
            "order_count: count_distinct(orders_export.Name in year)",
        ],
    );
}

/// Analytics, orders.
#[test]
fn woocommerce() {
    check(
        "woocommerce",
        "
         orders: 34 rows, events of `Customer`, on `Date`
           customer: Customer
           date: Date
           amount: N. Revenue (formatted)
           other amount: Net Sales
           status: Status, Customer type
           other: Order #, Product(s), Items sold, Coupon(s), Attribution",
        &["where: Status not in [\"cancelled\", \"failed\", \"refunded\"]", "currency: EUR"],
    );
}

/// The export of orders with a row for each item: its totals repeat, and guests have the customer 0.
#[test]
fn woocommerce_items() {
    check(
        "woocommerce-items",
        "
         orders: 51 rows, events of `billing_email`, on `date`
           customer: billing_email
           date: date
           order number: order_id
           amount: item_total
           other amount: order_total, item_subtotal
           refund: refunded_total, item_refunded
           tax: shipping_tax_total, tax_total, item_tax
           discount: discount_total
           cost: shipping_total, fee_total
           status: status
           other: order_number_formatted, order_currency, payment_method, shipping_method, customer_id,
             billing_first_name, billing_last_name, billing_company, billing_phone, billing_city,
             billing_country, customer_note, item_name, item_sku, item_quantity",
        &[
            "customer: billing_email",
            "revenue: sum(orders.item_total in year)",
            "order_count: count_distinct(orders.order_id in year)",
            "where: status not in [\"cancelled\"]",
        ],
    );
}

/// All payments.
#[test]
fn stripe() {
    check(
        "stripe",
        "
         unified_payments: 36 rows, events of `Customer ID`, on `Created (UTC)`
           customer: Customer ID
           date: Created (UTC)
           amount: Amount
           other amount: Converted Amount
           refund: Amount Refunded, Converted Amount Refunded
           tax: Tax
           cost: Fee
           status: Mode, Status, Statement Descriptor, Card CVC Status, Payment Source Type
           other: id, Description, Seller Message, Currency, Converted Currency, Customer Description, Customer
             Email, Captured, Card ID, Card Last4, Card Brand, Card Funding, Card Exp Month, Card Exp Year, Card
             Name, Card Address Line1, Card Address Line2, Card Address City, Card Address State, Card Address
             Country, Card Address Zip, Card Issue Country, Card Fingerprint, Card AVS Zip Status, Card AVS
             Line1 Status, Card Tokenization Method, Disputed Amount, Dispute Status, Dispute Reason, Dispute
             Date (UTC), Dispute Evidence Due (UTC), Invoice ID, Destination, Transfer",
        &[
            "where: Status not in [\"Failed\", \"Refunded\"]",
            "customer: customer_id       # 12 customers in it; the next likeliest is `Customer Email`",
        ],
    );
}

/// The grid of orders, with months as words and halves of the day.
#[test]
fn magento() {
    check(
        "magento",
        "
         sales_order_grid: 30 rows, events of `Customer Email`, on `Purchase Date`
           customer: Customer Email
           date: Purchase Date
           amount: Grand Total (Base)
           other amount: Grand Total (Purchased), Subtotal
           refund: Total Refunded
           cost: Shipping and Handling
           status: Status
           other: ID, Purchase Point, Bill-to Name, Ship-to Name, Billing Address, Shipping Address, Shipping
             Information, Customer Group, Customer Name, Payment Method, Allocated sources, Pickup Location Code",
        &["where: Status not in [\"canceled\"]", "revenue: sum(sales_order_grid.grand_total_base in year)"],
    );
}

/// Header row by the documentation of the interface only. Credit notes are below zero.
#[test]
fn exact_online() {
    check(
        "exact-online",
        "
         salesinvoices: 36 rows, events of `InvoiceTo`, on `InvoiceDate`
           customer: InvoiceTo
           date: InvoiceDate
           amount: AmountFCExclVat
           other amount: AmountDC, AmountFC
           tax: VATAmountDC, VATAmountFC
           discount: AmountDiscount
           status: TypeDescription, StatusDescription
           other date: DueDate, OrderDate
           other: InvoiceID, InvoiceNumber, InvoiceToName, OrderedBy, OrderedByName, Description, YourRef,
             Currency, Type, Status, SalespersonFullName, PaymentCondition",
        &[
            "revenue: sum(salesinvoices.AmountFCExclVat in year)",
            "order_count: count(salesinvoices in year where salesinvoices.AmountFCExclVat > 0)  # a credit note is no order",
        ],
    );
}

/// Header rows by the documentation of the connectors only.
#[test]
fn afas() {
    check(
        "afas",
        "
         debiteuren: 12 rows, customers, by `Nummer debiteur`
           key: Nummer debiteur
           cost: Kredietlimiet
           other date: Aangemaakt op, Gewijzigd op
           other: Naam debiteur, Zoeknaam, Adresregel 1 (straat - huisnr), E-mail werk, Telefoonnr. werk,
             Btw-nummer, KvK-nummer, Betalingsvoorwaarde, Valuta, Geblokkeerd voor levering
         facturen: 36 rows, events of `Nummer debiteur`, on `Factuurdatum`
           customer: Nummer debiteur
           date: Factuurdatum
           amount: Bedrag excl. btw
           other amount: Factuurbedrag
           refund: Openstaand bedrag
           tax: Btw-bedrag
           other date: Vervaldatum
           other: Factuurnummer, Naam debiteur, Omschrijving",
        &[
            "customer: nummer_debiteur  # 11 customers in it, all in `debiteuren`",
            "revenue: sum(facturen.bedrag_excl_btw in year)",
        ],
    );
}

/// Header row by the documentation of the model only.
#[test]
fn odoo() {
    check(
        "odoo",
        "
         sale_order: 34 rows, events of `Customer`, on `Creation Date`
           customer: Customer
           date: Creation Date
           amount: Untaxed Amount
           other amount: Total
           tax: Taxes
           status: Status, Invoice Status
           other: Order Reference, Salesperson, Activities, Company",
        &["where: Status not in [\"Cancelled\", \"Quotation\"]", "revenue: sum(sale_order.untaxed_amount in year)"],
    );
}

/// Header rows by documentation only. A deal is a sale when it is won.
#[test]
fn hubspot() {
    check(
        "hubspot",
        "
         all_contacts: 14 rows, customers, by `Record ID`
           key: Record ID
           status: Lead Status, Marketing contact status, Lifecycle Stage
           other date: Last Activity Date, Create Date
           other: First Name, Last Name, Email, Phone Number, Contact owner, Associated Company, Associated
             Company IDs
         all_deals: 32 rows, events of `Associated Contact IDs`, on `Close Date`
           customer: Associated Contact IDs
           date: Close Date
           amount: Amount
           expected: Weighted amount, Forecast amount
           status: Deal Stage
           other date: Create Date
           other: Record ID, Deal Name, Deal owner, Pipeline, Associated Contact, Associated Company",
        &[
            "key: record_id          # no two rows have the same; nor in `Email`",
            "# a guess: `Amount` is the amount of a row; the other amounts are of something else",
            "revenue: sum(all_deals.Amount in year)",
            "customer: associated_contact_ids  # 11 customers in it, all in `all_contacts`",
            "where: deal_stage in [\"Closed Won\"]",
        ],
    );
}

/// Header row by the documentation of the object only.
#[test]
fn salesforce() {
    check(
        "salesforce",
        "
         account: 24 rows, customers, by `Id`
           key: Id
           other amount: AnnualRevenue
           status: Type
           other date: CreatedDate, LastModifiedDate, SystemModstamp
           other: IsDeleted, MasterRecordId, Name, ParentId, BillingStreet, BillingCity, BillingState,
             BillingPostalCode, BillingCountry, Phone, Fax, AccountNumber, Website, Sic, Industry,
             NumberOfEmployees, Ownership, Rating, OwnerId, CreatedById, LastModifiedById, LastActivityDate",
        &["key: Id            # no two rows have the same"],
    );
}

/// Header row by documentation only.
#[test]
fn klaviyo() {
    check(
        "klaviyo",
        "
         profiles: 14 rows, customers, by `Email`
           key: Email
           other date: Email Marketing Consent Timestamp, Profile Created On, Date Added, Last Active
           other: Klaviyo ID, First Name, Last Name, Organization, Title, Phone Number, Address, Address 2,
             City, State / Region, Country, Zip Code, Latitude, Longitude, Source, IP Address, Email Marketing
             Consent",
        &["key: Email          # no two rows have the same; nor in `Klaviyo ID`"],
    );
}

/// The index has no header, the customers were floats, and credit notes are below zero.
#[test]
fn pandas() {
    check(
        "pandas",
        "
         online_retail: 44 rows, events of `CustomerID`, on `InvoiceDate`
           customer: CustomerID
           date: InvoiceDate
           order number: InvoiceNo
           amount: Quantity, UnitPrice
           other: StockCode, Description, Country",
        &[
            "CustomerID: integer",
            "revenue: sum(online_retail.Quantity * online_retail.UnitPrice in half_year)",
            "order_count: count_distinct(online_retail.InvoiceNo in half_year where online_retail.Quantity > 0)",
        ],
    );
}

/// A workbook as an office makes it: a title over merged cells, a total below the rows, a sheet for the customers and one
/// with remarks.
#[test]
fn dutch_excel() {
    use rust_xlsxwriter::{Format, Workbook};

    let mut book = Workbook::new();
    let (plain, day) = (Format::new(), Format::new().set_num_format("dd-mm-yyyy"));
    let sales = book.add_worksheet().set_name("Omzet 2025").unwrap();
    sales.merge_range(0, 0, 0, 4, "Omzet per klant", &plain).unwrap();
    sales.merge_range(1, 0, 1, 4, "Periode: 1-1-2025 t/m 31-12-2025", &plain).unwrap();
    for (column, header) in
        ["Klantnr", "Factuurdatum", "Factuurnr", "Bedrag excl. btw", "Btw", "Rayon"].iter().enumerate()
    {
        sales.write(3, u16::try_from(column).unwrap(), *header).unwrap();
    }
    let amount = |row: u32| f64::from(100 + row * 37 % 50 * 10);
    for row in 0..24 {
        let at = 4 + row;
        sales.write(at, 0, 1001 + row * 5 % 7).unwrap();
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2025, u8::try_from(row / 2 + 1).unwrap(), 14).unwrap();
        sales.write_with_format(at, 1, &date, &day).unwrap();
        sales.write(at, 2, format!("F25{row:03}")).unwrap();
        sales.write(at, 3, amount(row)).unwrap();
        sales.write(at, 4, amount(row) * 21.0 / 100.0).unwrap();
    }
    sales.merge_range(4, 5, 15, 5, "Noord", &plain).unwrap();
    sales.merge_range(16, 5, 27, 5, "Zuid", &plain).unwrap();
    sales.write(28, 0, "Totaal").unwrap();
    sales.write(28, 3, (0..24).map(amount).sum::<f64>()).unwrap();
    let customers = book.add_worksheet().set_name("Klanten").unwrap();
    for (row, cells) in [["Klantnr", "Naam", "Plaats"]].into_iter().enumerate() {
        cells.iter().enumerate().for_each(|(column, text)| {
            customers.write(u32::try_from(row).unwrap(), u16::try_from(column).unwrap(), *text).unwrap();
        });
    }
    for (row, name) in (1..).zip(["Bakker", "Claes", "De Wit", "Evers", "Fransen", "Goossens", "Hendriks"]) {
        customers.write(row, 0, 1000 + row).unwrap();
        customers.write(row, 1, name).unwrap();
        customers.write(row, 2, if row % 2 == 0 { "Gent" } else { "Breda" }).unwrap();
    }
    book.add_worksheet().set_name("Toelichting").unwrap().write(0, 0, "Bron: boekhouding").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Omzet.xlsx");
    book.save(&path).unwrap();
    let text = check_files(
        &[path],
        "
         omzet_2025: 24 rows, events of `Klantnr`, on `Factuurdatum`
           customer: Klantnr
           date: Factuurdatum
           amount: Bedrag excl. btw
           tax: Btw
           other: Factuurnr, Rayon
         klanten: 7 rows, customers, by `Klantnr`
           key: Klantnr
           other: Naam, Plaats",
        &[
            "file: Omzet.xlsx    # 24 rows",
            "sheet: \"Omzet 2025\"",
            "header_row: 4       # the rows above it are a title",
            "# Row 29 is the total below the data.",
            "where: Factuurdatum is not missing",
            "sheet: Klanten",
        ],
    );
    // The merged cells have a value in each of their rows.
    assert!(text.lines().any(|line| line.trim() == "Rayon: text"), "{text}");
}
