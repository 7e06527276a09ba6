// A download before it begins: what, from where, how large, under which licence, where to, and what is not sent. Nothing is asked
// of the network until the button below it is pressed.
import { useEffect, useId, useState } from 'react'
import { Download } from 'lucide-react'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { DownloadOffer } from '../../../electron/shared/contract/models.js'
import { api } from '../../stores/host.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { Fold } from '../../ui/Fold.js'
import { formatBytes } from '../../ui/format.js'
import { SlowNote } from './SlowNote.js'
import { Card } from './Card.js'
import styles from './Models.module.css'

/** Of FlashVSR: what the offer does not need to say. */
const parameters = 1_752_180_000

/** The offers for an address; for the published ones while it is undefined. */
function useOffers(address: string | undefined) {
  const [answer, setAnswer] = useState<{ offers?: DownloadOffer[]; failure?: Failure }>({})
  useEffect(() => {
    let isCurrent = true
    const ask = (): void => {
      api()
        .models.offers(address ?? null)
        .then(
          (offers) => isCurrent && setAnswer({ offers }),
          (error: unknown) => isCurrent && setAnswer((known) => ({ ...known, failure: toFailure(error) })),
        )
    }
    const timer = setTimeout(ask, address === undefined ? 0 : 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [address])
  return answer
}

export function DownloadForm({ onClose }: { onClose: () => void }) {
  const { t, language } = useWords()
  const [address, setAddress] = useState<string>()
  const [chosen, setChosen] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  const { offers, failure: refused } = useOffers(address)
  const offer = offers?.find(({ id }) => id === chosen) ?? offers?.[0]
  if (!offer || !offers)
    return <p role="status">{refused ? sentenceOf(refused, language) : t('models.work.starting')}</p>
  const choose = (id: string): void => {
    setAddress(undefined)
    setFailure(undefined)
    setChosen(id)
  }
  const readdress = (text: string): void => {
    setFailure(undefined)
    setAddress(text)
  }
  const begin = async (): Promise<void> => {
    try {
      await api().models.download({ id: offer.id, address: address ?? offer.address, isAgreed: true })
      onClose()
    } catch (error) {
      setFailure(toFailure(error))
    }
  }
  return (
    <Card label={t('models.offer.title')}>
      <h3>{t('models.offer.title')}</h3>
      <Choice
        look="cards"
        label={t('models.found.whichLabel')}
        value={offer.id}
        onChange={choose}
        options={offers.map(({ id, name, version }) => ({
          value: id,
          label: name,
          note: t(version === 'v1' ? 'models.offer.v1' : 'models.offer.v11'),
        }))}
      />
      <OfferFacts offer={offer} />
      <Address address={address ?? offer.address} onChange={readdress} />
      <Terms offer={offer} failure={failure ?? refused} />
      <div className={styles.buttons}>
        <Button
          kind="primary"
          icon={<Download />}
          disabled={isFull(offer) || failure !== undefined || refused !== undefined}
          onClick={() => void begin()}
        >
          {t('models.offer.agree', {
            size: formatBytes(language, Math.max(0, offer.bytes - offer.fetchedBytes)),
          })}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
      <OfferFiles offer={offer} />
    </Card>
  )
}

const isFull = ({ freeBytes, needBytes, fetchedBytes }: DownloadOffer): boolean =>
  freeBytes !== undefined && freeBytes < needBytes - fetchedBytes

function OfferFacts({ offer }: { offer: DownloadOffer }) {
  const { t, language } = useWords()
  const size = (bytes: number): string => formatBytes(language, bytes)
  const hosts = [...new Set(offer.files.map((file) => new URL(file.address).host))]
  const facts: [string, string][] = [
    [
      t('models.offer.what'),
      t('models.offer.files', { name: offer.name, count: offer.files.length, size: size(offer.bytes) }),
    ],
    [t('models.offer.hosts'), hosts.join(t('clips.comma'))],
    [t('enhance.licence'), offer.licence],
    [t('models.offer.where'), offer.folder],
    [
      t('models.offer.room'),
      t('models.offer.roomWords', { most: size(offer.needBytes), kept: size(offer.keptBytes) }) +
        (offer.freeBytes === undefined ? '' : ` ${t('export.free', { size: size(offer.freeBytes) })}`),
    ],
  ]
  return (
    <dl className={`${styles.facts} ${styles.offer} selectable`}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Address({ address, onChange }: { address: string; onChange: (address: string) => void }) {
  const { t } = useWords()
  const id = useId()
  return (
    <div className={styles.address}>
      <label htmlFor={id}>{t('models.offer.address')}</label>
      <input
        id={id}
        type="url"
        spellCheck={false}
        className={styles.input}
        value={address}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

/** What is not sent, what is checked, and what there is to know before agreeing. */
function Terms({ offer, failure }: { offer: DownloadOffer; failure: Failure | undefined }) {
  const { t, language } = useWords()
  return (
    <>
      <p>{t('models.offer.privacy')}</p>
      <p className={styles.soft}>
        {t(offer.files.every((file) => file.hash) ? 'models.offer.checked' : 'models.offer.unchecked')}
      </p>
      {offer.fetchedBytes > 0 && (
        <p>{t('models.offer.fetched', { size: formatBytes(language, offer.fetchedBytes) })}</p>
      )}
      <SlowNote parameters={parameters} />
      {isFull(offer) && <p className={styles.bad}>{t('models.offer.full')}</p>}
      {failure && (
        <p className={styles.bad} role="alert">
          {sentenceOf(failure, language)}
        </p>
      )}
    </>
  )
}

function OfferFiles({ offer }: { offer: DownloadOffer }) {
  const { t, language } = useWords()
  return (
    <Fold title={t('enhance.details')}>
      <ul className={`${styles.files} selectable`}>
        {offer.files.map((file) => (
          <li key={file.name}>
            <span>
              {file.name}, {formatBytes(language, file.bytes)}
            </span>
            <span className={styles.soft}>{file.address}</span>
            <code className={styles.hash}>{file.hash ?? t('models.facts.notKnown')}</code>
          </li>
        ))}
      </ul>
    </Fold>
  )
}
