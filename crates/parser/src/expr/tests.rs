#[test]
fn show() {
    for t in ["a ==b","a && b","a < b < c","1 +","(a","a b","10k","30 dayz","sum(orders.amount in yer whre x)","x in year","count(orders where x > 1 in year)",".5","0 + .5","'gold'","a and","f(a,)","f(,)","if a then b","not","a.","a..b","in","rest + 1","10,000","2026-02-30","2026-1-1","\"ab","\"a\\d\"","a % b","a AND b","x is","x is not","x in [1,","x in [1 2]","x in 1","x in 1 .. ","","  ","a\u{a0}b","f(a in y to)","f(a to b)","f(1 to b)", "a ? b : c","sum(a","a = = b","x not 5","-","1.5 months","99999999999999999999999999999999","x in [1] = true", "café > 3", "retention(p to q where c = \"A\")"] {
        match super::expression_text(t) { Ok(e)=>println!("{t:40} OK {e}"), Err(d)=>for d in d.0 {println!("{t:40} {} {}..{} {} | {:?}", d.code, d.labels[0].span.start, d.labels[0].span.end, d.message,d.help)} }
    }
    println!();
    for t in ["< 1_000","a b c","1_000 ..< 10_000","in [a, \"b c\", 3]","in [","missing","rest","gold","New York","top","> ","<> 3","-5..-1","rest 1","30 days","1_000 to 5_000", "10-20"] {
        match super::pattern_text(t) { Ok(e)=>println!("{t:40} OK {}", e.value), Err(d)=>for d in d.0 {println!("{t:40} {} {}..{} {} | {:?}", d.code, d.labels[0].span.start, d.labels[0].span.end, d.message,d.help)} }
    }
}
