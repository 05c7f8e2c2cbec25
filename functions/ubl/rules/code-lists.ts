/**
 * Code lists of EN 16931, as its rules have them, with the few codes that were added since. ISO, UN and the Commission add to them
 * a few times a year; a list that has grown is a new release here too.
 */
const listed = (codes: string): ReadonlySet<string> => new Set(codes.trim().split(/\s+/))

/** Currencies of ISO 4217: the runtime's, without those of the past, and the funds, metals and units of account besides. */
const past = listed('HRK SLL ZWL')
export const currencies: ReadonlySet<string> = new Set([
  ...Intl.supportedValuesOf('currency').filter((code) => !past.has(code)),
  ...listed('BOV CHE CHW CLF CNH COU MRO MXV SLE STD USN UYI UYW VED XAD XAG XAU XBA XBB XBC XBD XCG XPD XPT XTS XUA XXX ZWG'),
]) // biome-ignore format: a list

/** UNTDID 7161: what a charge is for. */
export const chargeReasons = listed(`
AA AAA AAC AAD AAE AAF AAH AAI AAS AAT AAV AAY AAZ ABA ABB ABC ABD ABF ABK ABL ABN ABR ABS ABT ABU ACF ACG ACH ACI ACJ ACK
ACL ACM ACS ADC ADE ADJ ADK ADL ADM ADN ADO ADP ADQ ADR ADT ADW ADY ADZ AEA AEB AEC AED AEF AEH AEI AEJ AEK AEL AEM AEN AEO
AEP AES AET AEU AEV AEW AEX AEY AEZ AJ AU CA CAB CAD CAE CAF CAI CAJ CAK CAL CAM CAN CAO CAP CAQ CAR CAS CAT CAU CAV CAW CAX
CAY CAZ CD CG CS CT DAB DAC DAD DAF DAG DAH DAI DAJ DAK DAL DAM DAN DAO DAP DAQ DL EG EP ER FAA FAB FAC FC FH FI GAA HAA HD
HH IAA IAB ID IF IR IS KO L1 LA LAA LAB LF MAE MI ML NAA OA PA PAA PC PL PRV RAB RAC RAD RAF RE RF RH RV SA SAA SAD SAE SAI
SG SH SM SU TAB TAC TT TV V1 V2 WH XAA YY ZZZ`)

/** UNTDID 1153: what kind of reference names an invoiced object. Nearly all from AAA to AXU, and some of old. */
const references = /^A([ABE-GI-MP-W][A-Z]|C[A-LN-RT-Z]|D[A-GI-QT-Z]|H[A-VX-Z]|N[A-Y]|O[AD-Z]|X[A-SU])$/
const otherReferences = listed(`
AC AE AF AP AU AV BA BC BD BE BH BM BN BO BR BT BTP BW CAS CAT CAU CAV CAW CAX CAY CAZ CBA CBB CD CEC CED CFE CFF CFO CG CH CK
CKN CM CMR CN CNO COF CP CR CRN CS CST CT CU CV CW CZ DA DAN DB DI DL DM DQ DR EA EB ED EE EEP EI EN EQ ER ERN ET EX FC FF FI
FLW FN FO FS FT FV FX GA GC GD GDN GN HS HWB IA IB ICA ICE ICO II IL INB INN INO IP IS IT IV JB JE LA LAN LAR LB LC LI LO LRC
LS MA MB MF MG MH MR MRN MS MSS MWB NA NF OH OI ON OP OR PB PC PD PE PF PI PK PL POR PP PQ PR PS PW PY RA RC RCN RE REN RF RR
RT SA SB SD SE SEA SF SH SI SM SN SP SQ SRN SS STA SW SZ TB TCR TE TF TI TIN TL TN TP UAR UC UCN UN UO URI VA VC VGR VM VN VON
VOR VP VR VS VT VV WE WM WN WR WS WY XA XC XP ZZZ`)
export const isReferenceKind = (code: string) => references.test(code) || otherReferences.has(code)

/** UNTDID 7143: by what list an item is classified. */
const classifications = /^([AB][A-Z]|S[ST][A-Z]?|SR[S-Z]|SU[A-M]|TS[N-U])$/
const otherClassifications = listed(`
CC CG CL CR CV DR DW EC EF EMD EN FS GB GMN GN GS HS IB IN IS IT IZ MA MF MN MP NB ON PD PL PO PPI PV QS RC RN RU RY SA SG SK
SN TG UA UP VN VP VS VX ZZZ`)
export const isClassification = (code: string) => classifications.test(code) || otherClassifications.has(code)

/** VATEX: why there is no tax, by article of directive 2006/112/EC, or of French law. */
const reasons = [
  'EU-(79-C|132(-1[A-Q])?|135-1|143(-1([A-L]|FA))?|144|146-1E|148(-[A-G])?|151(-1([A-E]|AA))?|153|159|309|G|O|IC|AE|D|F|I|J)',
  'FR-(FRANCHISE|CNWVAT|CGI261(-[1-578]|[AB]|C-[1-3]|D-(1|1BIS|2|3|4)|E-[12])|CGI27(5|7A)|CGI295|298SEXDECIESA|AE)',
] // biome-ignore format: a line each
const exemptions = new RegExp(`^VATEX-(${reasons.join('|')})$`)
export const isExemptionReason = (code: string) => exemptions.test(code.toUpperCase())

/** ISO/IEC 6523: who has given an identifier. They are numbered on; a few never were given. */
const notGiven = listed('0001 0092 0103 0181 0182')
export const isGiver = (code: string) => /^0(0(0[1-9]|[1-9]\d)|1\d\d|2[0-4]\d)$/.test(code) && !notGiven.has(code)

/** Schemes of electronic addresses, with those that were taken off the list since: an old address is an address. */
const addresses = listed(`
0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 0191 0192 0193
0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0219 0220 0221 0225
0230 0235 0240 0242 0244 0245 9901 9902 9904 9905 9906 9907 9910 9913 9914 9915 9917 9918 9919 9920 9921 9922 9923 9924 9925
9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950
9951 9952 9953 9954 9955 9956 9957 9958 9959`)
export const isPeppolAddress = (code: string) => addresses.has(code)
export const isAddress = (code: string) => addresses.has(code) || /^(AN|AQ|AS|AU|EM)$/.test(code)
