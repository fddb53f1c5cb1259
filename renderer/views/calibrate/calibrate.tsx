// Which window?

export default function Calibrate() {
  return null;
}
