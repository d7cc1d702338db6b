import type { WarehouseSource } from "./enterprise";
import { type Random, stream, Weighted, zipfWeights } from "./random";

/** Who buys, and where they live: the region decides the warehouse. All names are invented. */

export interface Address {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: "US";
}

export interface Customer {
  readonly id: string;
  readonly business: boolean;
  readonly email: string;
  readonly address: Address;
  readonly home: WarehouseSource;
  readonly utcOffsetHours: number;
}

interface Region {
  readonly state: string;
  /** Roughly the population in millions. */
  readonly weight: number;
  readonly home: WarehouseSource;
  readonly utcOffsetHours: number;
  readonly cities: readonly (readonly [city: string, postalPrefix: string])[];
}

const REGIONS: readonly Region[] = [
  {
    state: "CA",
    weight: 39,
    home: "wms-west",
    utcOffsetHours: -8,
    cities: [
      ["Los Angeles", "900"],
      ["San Diego", "921"],
      ["Sacramento", "958"],
      ["Oakland", "946"],
    ],
  },
  {
    state: "WA",
    weight: 8,
    home: "wms-west",
    utcOffsetHours: -8,
    cities: [
      ["Seattle", "981"],
      ["Spokane", "992"],
    ],
  },
  { state: "OR", weight: 4, home: "wms-west", utcOffsetHours: -8, cities: [["Portland", "972"]] },
  {
    state: "AZ",
    weight: 7,
    home: "wms-west",
    utcOffsetHours: -7,
    cities: [
      ["Phoenix", "850"],
      ["Tucson", "857"],
    ],
  },
  { state: "CO", weight: 6, home: "wms-west", utcOffsetHours: -7, cities: [["Denver", "802"]] },
  { state: "UT", weight: 3, home: "wms-west", utcOffsetHours: -7, cities: [["Salt Lake City", "841"]] },
  {
    state: "TX",
    weight: 30,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Houston", "770"],
      ["Dallas", "752"],
      ["Austin", "787"],
      ["San Antonio", "782"],
    ],
  },
  {
    state: "IL",
    weight: 13,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Chicago", "606"],
      ["Peoria", "616"],
    ],
  },
  {
    state: "OH",
    weight: 12,
    home: "wms-central",
    utcOffsetHours: -5,
    cities: [
      ["Columbus", "432"],
      ["Cleveland", "441"],
    ],
  },
  { state: "MN", weight: 6, home: "wms-central", utcOffsetHours: -6, cities: [["Minneapolis", "554"]] },
  {
    state: "MO",
    weight: 6,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Kansas City", "641"],
      ["St. Louis", "631"],
    ],
  },
  {
    state: "MI",
    weight: 10,
    home: "wms-central",
    utcOffsetHours: -5,
    cities: [
      ["Detroit", "482"],
      ["Grand Rapids", "495"],
    ],
  },
  {
    state: "TN",
    weight: 7,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Nashville", "372"],
      ["Memphis", "381"],
    ],
  },
  {
    state: "NY",
    weight: 20,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["New York", "100"],
      ["Brooklyn", "112"],
      ["Buffalo", "142"],
    ],
  },
  {
    state: "PA",
    weight: 13,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Philadelphia", "191"],
      ["Pittsburgh", "152"],
    ],
  },
  {
    state: "NJ",
    weight: 9,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Newark", "071"],
      ["Trenton", "086"],
    ],
  },
  {
    state: "MA",
    weight: 7,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Boston", "021"],
      ["Worcester", "016"],
    ],
  },
  {
    state: "FL",
    weight: 22,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Miami", "331"],
      ["Orlando", "328"],
      ["Tampa", "336"],
    ],
  },
  { state: "GA", weight: 11, home: "wms-east", utcOffsetHours: -5, cities: [["Atlanta", "303"]] },
  {
    state: "NC",
    weight: 11,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Charlotte", "282"],
      ["Raleigh", "276"],
    ],
  },
];

const FIRST_NAMES = [
  "Maria",
  "James",
  "Aisha",
  "Robert",
  "Linda",
  "Wei",
  "Carlos",
  "Emily",
  "David",
  "Priya",
  "Kevin",
  "Nora",
  "Samuel",
  "Grace",
  "Omar",
  "Hannah",
  "Luis",
  "Rachel",
  "Tyrone",
  "Yuki",
];
const LAST_NAMES = [
  "Alvarez",
  "Bennett",
  "Chen",
  "Dawson",
  "Ellis",
  "Fischer",
  "Garcia",
  "Hughes",
  "Iqbal",
  "Johnson",
  "Kowalski",
  "Lopez",
  "Murphy",
  "Nguyen",
  "Okafor",
  "Patel",
  "Quinn",
  "Reyes",
  "Schmidt",
  "Turner",
];
const FIRM_WORDS = [
  "Cascade",
  "Granite",
  "Blue Ridge",
  "Harbor",
  "Summit",
  "Prairie",
  "Lakeside",
  "Ironwood",
  "Pioneer",
  "Redwood",
  "Keystone",
  "Great Plains",
  "Sunbelt",
  "Northgate",
  "Riverbend",
  "Copper State",
];
const FIRM_KINDS = [
  "Builders",
  "Facilities Group",
  "Hardware",
  "Property Services",
  "Electric",
  "Mechanical",
  "Hotels",
  "School District",
  "Manufacturing",
  "Supply Co.",
];
const STREETS = [
  "Maple Ave",
  "Oak St",
  "Industrial Pkwy",
  "Main St",
  "2nd Ave",
  "Lincoln Blvd",
  "Commerce Dr",
  "Elm St",
  "Washington St",
  "Park Rd",
];

const BUSINESS_COUNT = 400;
const CONSUMER_COUNT = 60_000;

/** Business accounts follow a steep law (a handful buys most), consumers a flat one (many buy once, some often). */
export class Customers {
  private readonly business = new Weighted(zipfWeights(BUSINESS_COUNT, 1.05));
  private readonly consumer = new Weighted(zipfWeights(CONSUMER_COUNT, 0.35));
  private readonly regions = new Weighted(REGIONS.map((region) => region.weight));

  constructor(private readonly seed: string) {}

  drawBusiness(random: Random): Customer {
    return this.make(this.business.draw(random), true);
  }

  drawConsumer(random: Random): Customer {
    return this.make(this.consumer.draw(random), false);
  }

  private make(index: number, business: boolean): Customer {
    const random = stream(this.seed, business ? "business" : "consumer", index);
    const region = REGIONS[this.regions.draw(random)] as Region;
    const [city, postalPrefix] = random.pick(region.cities);
    const person = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
    const firm = `${random.pick(FIRM_WORDS)} ${random.pick(FIRM_KINDS)}`;
    const mailbox = person.toLowerCase().replace(" ", ".");
    return {
      id: business ? `C-${10_001 + index}` : `C-${200_001 + index}`,
      business,
      email: business ? `purchasing@${firm.toLowerCase().replace(/[^a-z]/g, "")}.example` : `${mailbox}@mail.example`,
      address: {
        name: business ? firm : person,
        street: `${random.int(1, 9899)} ${random.pick(STREETS)}`,
        city,
        state: region.state,
        postalCode: `${postalPrefix}${String(random.int(1, 99)).padStart(2, "0")}`,
        country: "US",
      },
      home: region.home,
      utcOffsetHours: region.utcOffsetHours,
    };
  }
}
