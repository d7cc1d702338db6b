import { UnknownJourney } from "@/components/journey/unknown-journey";

export default function NotFound() {
  return <UnknownJourney />;
}
