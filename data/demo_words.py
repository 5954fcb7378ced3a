"""The words of the built-in corpus."""

# Of each list the earlier words are the more frequent. No word stands in two lists.
# Events and people of each class, in the order of CLASS_NAMES, and last those of no topic.
EVENTS = (
    """
    ceasefire election summit treaty bombing coup referendum insurgency airstrike embassy
    truce uprising famine blockade invasion curfew crackdown ambush siege evacuation sanctions
    diplomacy asylum ballot typhoon earthquake amnesty extradition standoff checkpoint convoy
    annexation disarmament mutiny abduction shelling partition ultimatum repatriation monarchy
    inauguration mudslide constitution exile unrest parliament occupation withdrawal
""".split(),
    """
    playoff touchdown tournament penalty semifinal overtime homer comeback marathon shutout
    championship inning medal kickoff pennant shootout rematch sprint derby doping roster
    relay knockout wicket postseason lineup hat-trick regatta qualifier relegation fumble
    halftime interception decathlon slalom freestyle scrum putt birdie biathlon dunk offside
    scrimmage heptathlon volley backhand bullpen triathlon
""".split(),
    """
    merger earnings takeover stock dividend profit buyout bankruptcy layoffs inflation audit
    revenue tariff bailout mortgage payroll acquisition deficit forecast pension refinancing
    lending buyback restructuring surplus outsourcing prospectus brokerage insurance flotation
    antitrust franchise divestiture subsidy bond liquidation severance selloff accounting
    underwriting turnover embezzlement consolidation invoice pricing wage credit export
""".split(),
    """
    software satellite virus browser spacecraft chip telescope broadband genome server spam
    encryption asteroid download patch laptop processor spyware orbit wireless probe phishing
    database cloning fossil rover firewall supercomputer laser algorithm comet prototype
    vaccine semiconductor eclipse hydrogen nanotube kernel protein antenna robotics microscope
    plugin gigabit quantum bandwidth telemetry voltage
""".split(),
    """
    weather parade anniversary concert festival wedding exhibition novel museum holiday
    interview ceremony documentary portrait crossword recipe ballet opera horoscope memoir
    lecture photograph poem fashion vacation rumor painting theater
""".split(),
)
PEOPLE = (
    """
    rebels diplomats refugees militants soldiers ministers insurgents troops peacekeepers
    gunmen clerics envoys hostages Iraqis Afghans warlords separatists lawmakers protesters
    generals ambassadors Kurds dissidents villagers guerrillas exiles militias Haitians
    captives commandos Chechens monks tribesmen inspectors pilgrims Basques Serbs Tamils
""".split(),
    """
    strikers coaches quarterbacks pitchers fans goalkeepers referees batsmen Yankees rookies
    midfielders golfers sprinters Lakers swimmers linebackers Olympians defenders boxers
    cyclists gymnasts Patriots wrestlers umpires bowlers Dodgers skaters jockeys rowers
    catchers hurdlers Celtics Wallabies fencers shortstops divers Canucks archers
""".split(),
    """
    investors shareholders analysts retailers bankers lenders traders airlines automakers
    executives economists creditors insurers brokers exporters auditors refiners drugmakers
    employers steelmakers bondholders tycoons accountants brewers importers wholesalers
    realtors supermarkets homebuilders landlords debtors grocers shippers treasurers
    distillers financiers stockbrokers franchisees
""".split(),
    """
    scientists hackers engineers programmers researchers astronauts developers astronomers
    gamers bloggers physicists biologists coders handsets chemists geneticists sensors routers
    iPods microbes dinosaurs galaxies cosmonauts gadgets modems consoles enzymes neutrinos
    chimpanzees mathematicians transistors podcasts bacteria mammoths photons meteorites
    pixels geologists
""".split(),
    """
    visitors neighbors readers students families tourists musicians actors children parents
    teachers painters novelists singers dancers travelers gardeners librarians curators poets
    nurses cooks drivers farmers
""".split(),
)
ADJECTIVES = """
    latest disputed surprise delayed unexpected reported sudden planned early historic
    controversial troubled annual quiet secret crucial bitter costly dramatic emergency fresh
    joint lengthy looming massive minor modest ongoing partial proposed rapid record recent
    scheduled sweeping unusual urgent
""".split()
LINKS = "involving among concerning around for about affecting between".split()
ROLES = """
    reporter correspondent columnist editor commentator spokesman spokeswoman broadcaster
    blogger critic historian host producer
""".split()
NAME_STARTS = """
    Har Wal Ben Mor Kel Lang Hol Brad Win Stan Whit Ash Lin Cal Dun Wes Nor Hart Pres Thorn
    Mel Red Sher Wood Tal Elling Fair Hay Rams Cross Bar Hazel Lock Wake Rother
""".split()
NAME_ENDS = "ton ford ley man field well wood worth by den berg ham more land stone wick".split()
PLACES = """
    London Paris Tokyo Boston Berlin Chicago Moscow Sydney Madrid Toronto Rome Geneva Vienna
    Dublin Houston Oslo Brussels Atlanta Lisbon Denver Seoul Prague Nairobi Warsaw Dallas
    Helsinki Athens Manila Lima Zurich Stockholm Budapest Perth Santiago Glasgow Quito Riga
    Tallinn Bergen Leeds
""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
AGENCIES = "AP Reuters AFP Dispatch Newswire Courier Herald".split()

# {t}: the phrase that the text is about; {d}: the other. Half of the constructions put {t} first.
