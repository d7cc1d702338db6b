/** Who is looking at which journey. One query a second asks for the versions of all watched journeys together. */
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import { type VersionReader, Watch, type WatchOptions } from "./watch";

export class JourneyWatch extends Watch<ObjectRef> {
  constructor(readVersions: VersionReader<ObjectRef>, options: WatchOptions = {}) {
    super(objectKey, readVersions, options);
  }
}
