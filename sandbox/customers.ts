import type { WarehouseSource } from "./enterprise";
import { type Random, stream, Weighted, zipfWeights } from "./random";
import { REGIONS, type Region } from "./regions";

/** Who buys, and where they live: the region decides the warehouse. All names are invented. */

export interface Address {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: "US" | "CA" | "DE";
}

export interface Customer {
  readonly id: string;
  readonly business: boolean;
  readonly email: string;
  readonly address: Address;
  readonly home: WarehouseSource;
  readonly utcOffsetHours: number;
}

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
