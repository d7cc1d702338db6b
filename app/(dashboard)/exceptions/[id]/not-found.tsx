import { NotFoundState } from "@/components/ui/states";

export default function NotFound() {
  return <NotFoundState title="No such exception">Its number is not known here. Was it copied whole?</NotFoundState>;
}
