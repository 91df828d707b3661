//! Names of many cultures in their own script, each with the ASCII form an e-mail address uses.

/// A first or last name.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) written: &'static str,
    pub(super) ascii: &'static str,
}

const fn n(written: &'static str, ascii: &'static str) -> Name {
    Name { written, ascii }
}

/// The signed-in user of the sandbox.
pub(super) const USER: (Name, Name) = (n("Mara", "mara"), n("Lindqvist", "lindqvist"));

/// First and last names that belong together.
pub(super) const CULTURES: &[(&[Name], &[Name])] = &[
    (
        &[
            n("Olivia", "olivia"),
            n("Ethan", "ethan"),
            n("Grace", "grace"),
            n("Marcus", "marcus"),
            n("Siobhán", "siobhan"),
        ],
        &[
            n("Whitaker", "whitaker"),
            n("O'Rourke", "orourke"),
            n("Carrington", "carrington"),
            n("Mbeki-Hall", "mbeki-hall"),
            n("Pennington", "pennington"),
            n("Doyle", "doyle"),
            n("Ashworth", "ashworth"),
        ],
    ),
    (
        &[
            n("Jürgen", "juergen"),
            n("Annika", "annika"),
            n("Søren", "soeren"),
            n("Björk", "bjork"),
            n("Lieselotte", "lieselotte"),
        ],
        &[
            n("Größmann", "groessmann"),
            n("Østergård", "oestergaard"),
            n("Väisänen", "vaisanen"),
            n("von der Heide", "vonderheide"),
            n("Þorsteinsdóttir", "thorsteinsdottir"),
            n("Åkerblom", "akerblom"),
            n("Müller", "mueller"),
        ],
    ),
    (
        &[
            n("Éloïse", "eloise"),
            n("Baptiste", "baptiste"),
            n("Chiara", "chiara"),
            n("Matteo", "matteo"),
            n("Maëlys", "maelys"),
        ],
        &[
            n("Lefèvre", "lefevre"),
            n("d'Aubigny", "daubigny"),
            n("Castellani", "castellani"),
            n("Dell'Acqua", "dellacqua"),
            n("Brûlé", "brule"),
            n("Marchetti", "marchetti"),
            n("Garçon", "garcon"),
        ],
    ),
    (
        &[
            n("Íñigo", "inigo"),
            n("Lucía", "lucia"),
            n("João", "joao"),
            n("Beatriz", "beatriz"),
            n("Xóchitl", "xochitl"),
        ],
        &[
            n("Núñez de la Vega", "nunezdelavega"),
            n("Peñalver", "penalver"),
            n("Gonçalves", "goncalves"),
            n("Magalhães", "magalhaes"),
            n("Ibáñez", "ibanez"),
            n("Quintanilla", "quintanilla"),
            n("Araújo", "araujo"),
        ],
    ),
    (
        &[
            n("Zuzanna", "zuzanna"),
            n("Łukasz", "lukasz"),
            n("Ondřej", "ondrej"),
            n("Ágnes", "agnes"),
            n("Ioana", "ioana"),
        ],
        &[
            n("Wiśniewska", "wisniewska"),
            n("Brzęczyszczykiewicz", "brzeczyszczykiewicz"),
            n("Dvořáček", "dvoracek"),
            n("Szűcs", "szucs"),
            n("Țepeș", "tepes"),
            n("Kovačević", "kovacevic"),
            n("Żółkiewski", "zolkiewski"),
        ],
    ),
    (
        &[
            n("Мария", "mariya"),
            n("Тарас", "taras"),
            n("Елена", "elena"),
            n("Ναταλία", "natalia"),
            n("Γιώργος", "giorgos"),
        ],
        &[
            n("Шевчук", "shevchuk"),
            n("Ковальова", "kovalova"),
            n("Гончар", "honchar"),
            n("Петровић", "petrovic"),
            n("Δημητρίου", "dimitriou"),
            n("Παπαδάκης", "papadakis"),
            n("Литвин", "lytvyn"),
        ],
    ),
    (
        &[
            n("فاطمة", "fatima"),
            n("يوسف", "yusuf"),
            n("ليلى", "layla"),
            n("عمر", "omar"),
            n("نور", "noor"),
        ],
        &[
            n("الخطيب", "alkhatib"),
            n("المنصوري", "almansouri"),
            n("بن سعيد", "bensaid"),
            n("القاسمي", "alqasimi"),
            n("حداد", "haddad"),
            n("الزهراني", "alzahrani"),
            n("شاهين", "shahin"),
        ],
    ),
    (
        &[
            n("נועה", "noa"),
            n("איתן", "eitan"),
            n("תמר", "tamar"),
            n("یاسمین", "yasmin"),
            n("آرش", "arash"),
        ],
        &[
            n("בן־דוד", "bendavid"),
            n("מזרחי", "mizrahi"),
            n("אברהמי", "avrahami"),
            n("שפירא", "shapira"),
            n("رضایی", "rezaei"),
            n("کریمی", "karimi"),
            n("جعفری", "jafari"),
        ],
    ),
    (
        &[
            n("美咲", "misaki"),
            n("健太", "kenta"),
            n("小雨", "xiaoyu"),
            n("志明", "zhiming"),
            n("서연", "seoyeon"),
        ],
        &[
            n("髙橋", "takahashi"),
            n("五十嵐", "igarashi"),
            n("欧阳", "ouyang"),
            n("諸葛", "zhuge"),
            n("박", "park"),
            n("황보", "hwangbo"),
            n("渡邊", "watanabe"),
        ],
    ),
    (
        &[
            n("Ananya", "ananya"),
            n("Vikram", "vikram"),
            n("आरती", "aarti"),
            n("கவிதா", "kavitha"),
            n("রাহুল", "rahul"),
        ],
        &[
            n("Krishnamurthy", "krishnamurthy"),
            n("Bhattacharya", "bhattacharya"),
            n("शर्मा", "sharma"),
            n("முருகன்", "murugan"),
            n("চট্টোপাধ্যায়", "chattopadhyay"),
            n("Raghunathan", "raghunathan"),
            n("Deshpande", "deshpande"),
        ],
    ),
    (
        &[
            n("Nguyệt", "nguyet"),
            n("Minh Đức", "minhduc"),
            n("สมชาย", "somchai"),
            n("Siti", "siti"),
            n("Kalani", "kalani"),
        ],
        &[
            n("Phạm Thị", "phamthi"),
            n("Trần", "tran"),
            n("ศรีสุวรรณ", "srisuwan"),
            n("Wijayakusuma", "wijayakusuma"),
            n("Kahananui", "kahananui"),
            n("Bautista", "bautista"),
            n("Đặng", "dang"),
        ],
    ),
    (
        &[
            n("Chukwuemeka", "chukwuemeka"),
            n("Adaeze", "adaeze"),
            n("Thandiwe", "thandiwe"),
            n("ሰላም", "selam"),
            n("Ìbùkún", "ibukun"),
        ],
        &[
            n("Okonkwo", "okonkwo"),
            n("Adébáyò", "adebayo"),
            n("Nkosi", "nkosi"),
            n("ተስፋዬ", "tesfaye"),
            n("Mwangi", "mwangi"),
            n("van Rensburg", "vanrensburg"),
            n("Diallo", "diallo"),
        ],
    ),
];

/// Job titles of customers.
pub(super) const TITLES: &[&str] = &[
    "Operations Manager",
    "Office Administrator",
    "Head of Purchasing",
    "IT Support Lead",
    "Accounts Payable Clerk",
    "Warehouse Supervisor",
    "Chief Financial Officer",
    "Directrice des achats",
    "Leiter Einkauf",
    "Systems Engineer",
    "Customer Experience Director",
    "Logistics Coordinator",
];

/// Job titles of the support team.
pub(super) const TEAM_TITLES: &[&str] = &[
    "Support Engineer",
    "Senior Support Engineer",
    "Team Lead",
    "Billing Specialist",
    "Onboarding Specialist",
];
